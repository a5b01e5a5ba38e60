package refactor.runtime;

/** How objects of one class travel; computed once per class. */
final class Shape {
    enum Kind {
        STRING, BOOLEAN, INTEGER, LONG, SHORT, BYTE, CHARACTER, DOUBLE, FLOAT, ARRAY, RESTORED, ENUM, CLASS, THROWABLE, RECORD, VALUE,
        LIBRARY_VALUE, IMMUTABLE_COLLECTION, REFERENCE, OPAQUE, PINNED
    }

    final Kind kind;
    final Class<?> type;
    /** For copies: the fields; null otherwise. */
    final Fields fields;
    /** For references: the end of the reference object, `,"class":..,"types":[..]}`, encoded once. */
    final byte[] tail;
    /** For library values: how to write and read one. */
    final LibraryValues.Codec<Object> codec;

    Shape(Kind kind, Class<?> type, Fields fields, byte[] tail, LibraryValues.Codec<Object> codec) {
        this.kind = kind;
        this.type = type;
        this.fields = fields;
        this.tail = tail;
        this.codec = codec;
    }
}
