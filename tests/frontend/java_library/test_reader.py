"""Class files of javac against the declarations they were compiled from."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from refactor.frontend.java.classfile.archive import Archive
from refactor.frontend.java.classfile.pool import ClassFormatError
from refactor.frontend.java.classfile.reader import read_class
from refactor.frontend.java.library import JavaLibrary
from refactor.ir.symbols import Annotation, ClassKind, ClassSymbol, Flags, Origin
from refactor.ir.types import OBJECT, ArrayType, ClassType, PrimitiveType, TypeVar, WildcardType

SOURCE = """
package p;
import java.util.*;
import java.util.function.*;
@interface Mark { String value() default ""; int[] n() default {}; Class<?> c() default Object.class;
                  Thread.State s() default Thread.State.NEW; Inner in() default @Inner; char ch() default 'x'; boolean b() default true; }
@interface Inner { long v() default 7; }
public abstract class Shape<T extends Comparable<T> & java.io.Serializable, U extends T> extends ArrayList<T> implements Supplier<U> {
    public static final int MAX = 1 << 10;
    public static final String NAME = "sh" + "ape\\u0000\\ud83d\\ude00";
    public static final char C = 'c';
    public static final boolean YES = true;
    public static final long LONG = -5L;
    public static final double NOT_CONSTANT = Math.random();
    protected volatile int v; transient List<? super T> list; private int hidden;
    protected Shape(T first, U... rest) throws IllegalStateException {}
    Shape() {}
    @Mark(value = "x", n = {1, 2}, c = String[].class, s = Thread.State.BLOCKED, in = @Inner(v = 9), ch = 'q', b = false)
    public abstract <X extends Exception, Y> Map<? extends X, Y[]>[] go(Map<String, ?> a, @Mark("p") int[][] b, X x)
        throws X, java.io.IOException;
    @SafeVarargs public static <E> List<E> of(E... es) { return null; }
    public synchronized native void sync();
    private void secret() { Runnable r = () -> {}; }
    public class In<Z> { public In(int i, List<T> ts) {} public T t; public U u(Z z) { return null; }
        public class Deep { Deep(Z z) {} Z z; T t; } }
    static class Nested { Nested(int i) {} }
    private static class Hidden {}
    protected interface Face { void a(); default int d() { return 1; } static void s() {} }
    public Shape<T, U>.In<String> in() { return null; }
    public enum Color { RED, GREEN { int f() { return 1; } }; Color() {} Color(int x) {} int f() { return 0; } }
    public record Point<N extends Number>(@Mark N x, int... ys) { public Point { } static int count; }
    public U get() { return null; }
}
sealed interface Node permits Leaf, Pair {}
final class Leaf implements Node {}
non-sealed class Pair implements Node {}
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> JavaLibrary:
    folder = tmp_path_factory.mktemp("shape")
    (folder / "Shape.java").write_text(SOURCE, encoding="utf-8")
    command = ["javac", "-nowarn", "-parameters", "-d", str(folder / "out"), str(folder / "Shape.java")]
    subprocess.run(command, check=True, capture_output=True)
    with zipfile.ZipFile(folder / "shape.jar", "w", zipfile.ZIP_DEFLATED) as jar:
        for file in sorted((folder / "out").rglob("*.class")):
            jar.write(file, file.relative_to(folder / "out").as_posix())
    return JavaLibrary([folder / "shape.jar"], 17)


def find(library: JavaLibrary, name: str) -> ClassSymbol:
    symbol = library.find(name)
    assert symbol is not None, name
    assert library.diagnostics == ()
    return symbol


def test_class_header(library: JavaLibrary) -> None:
    shape = find(library, "p.Shape")
    comparable = ClassType("java.lang.Comparable", (TypeVar("T", "p.Shape"),))
    assert shape.kind is ClassKind.CLASS
    assert shape.flags == Flags.PUBLIC | Flags.ABSTRACT
    assert shape.origin is Origin.LIBRARY
    assert shape.type_params[0].bounds == (comparable, ClassType("java.io.Serializable"))
    (bound,) = shape.type_params[1].bounds
    assert isinstance(bound, TypeVar)
    assert bound.bounds == shape.type_params[0].bounds
    assert shape.superclass == ClassType("java.util.ArrayList", (TypeVar("T", "p.Shape"),))
    assert shape.interfaces == (ClassType("java.util.function.Supplier", (TypeVar("U", "p.Shape"),)),)
    assert set(shape.members) == {f"p.Shape${n}" for n in ("In", "Nested", "Face", "Color", "Point")}
    assert (shape.outer, shape.top) == (None, "p.Shape")


def test_fields_and_constants(library: JavaLibrary) -> None:
    fields = {f.name: f for f in find(library, "p.Shape").fields}
    constants = {n: f.constant for n, f in fields.items() if f.flags & Flags.STATIC}
    assert constants == {"MAX": 1024, "NAME": "shape\0\U0001f600", "C": "c", "YES": True, "LONG": -5, "NOT_CONSTANT": None}
    assert constants["YES"] is True
    assert fields["v"].flags == Flags.PROTECTED | Flags.VOLATILE
    assert fields["list"].flags == Flags.TRANSIENT
    assert fields["list"].type == ClassType("java.util.List", (WildcardType(lower=TypeVar("T", "p.Shape")),))
    assert "hidden" not in fields


def test_methods(library: JavaLibrary) -> None:
    shape = find(library, "p.Shape")
    assert [m.key for m in shape.methods] == [
        "p.Shape#<init>(Ljava/lang/Comparable;[Ljava/lang/Comparable;)V",
        "p.Shape#<init>()V",
        "p.Shape#go(Ljava/util/Map;[[ILjava/lang/Exception;)[Ljava/util/Map;",
        "p.Shape#of([Ljava/lang/Object;)Ljava/util/List;",
        "p.Shape#sync()V",
        "p.Shape#in()Lp/Shape$In;",
        "p.Shape#get()Ljava/lang/Comparable;",
    ]
    constructor, _, go, of, sync, in_, _ = shape.methods
    assert constructor.flags == Flags.PROTECTED | Flags.VARARGS
    assert constructor.throws == (ClassType("java.lang.IllegalStateException"),)
    assert constructor.params[1].type == ArrayType(TypeVar("U", "p.Shape"))
    x, y = TypeVar("X", go.key), TypeVar("Y", go.key)
    assert [p.name for p in go.type_params] == ["X", "Y"]
    assert go.type_params[0].bounds == (ClassType("java.lang.Exception"),)
    assert go.params[0].type == ClassType("java.util.Map", (ClassType("java.lang.String"), WildcardType()))
    assert go.result == ArrayType(ClassType("java.util.Map", (WildcardType(upper=x), ArrayType(y))))
    assert go.throws == (x, ClassType("java.io.IOException"))
    assert [p.name for p in go.params] == ["a", "b", "x"]
    assert of.flags == Flags.PUBLIC | Flags.STATIC | Flags.VARARGS
    assert sync.flags == Flags.PUBLIC | Flags.SYNCHRONIZED | Flags.NATIVE
    assert in_.result == ClassType("p.Shape$In", (ClassType("java.lang.String"),))


def test_annotations(library: JavaLibrary) -> None:
    go = find(library, "p.Shape").methods[2]
    (mark,) = go.annotations
    assert dict(mark.values) == {
        "value": "x",
        "n": (1, 2),
        "c": ArrayType(ClassType("java.lang.String")),
        "s": ("enum", "java.lang.Thread$State", "BLOCKED"),
        "in": Annotation("p.Inner", (("v", 9),)),
        "ch": "q",
        "b": False,
    }
    assert [p.annotations for p in go.params] == [(), (Annotation("p.Mark", (("value", "p"),)),), ()]


def test_inner_classes_have_source_parameters(library: JavaLibrary) -> None:
    inner = find(library, "p.Shape$In")
    assert (inner.outer, inner.top, inner.flags) == ("p.Shape", "p.Shape", Flags.PUBLIC)
    constructor, u = inner.methods
    assert [p.type for p in constructor.params] == [PrimitiveType("int"), ClassType("java.util.List", (TypeVar("T", "p.Shape"),))]
    assert [p.name for p in constructor.params] == ["i", "ts"]
    assert u.key == "p.Shape$In#u(Ljava/lang/Object;)Ljava/lang/Comparable;"
    deep = find(library, "p.Shape$In$Deep")
    assert (deep.outer, deep.top, deep.flags) == ("p.Shape$In", "p.Shape", Flags.PUBLIC)
    assert [p.type for p in deep.methods[0].params] == [TypeVar("Z", "p.Shape$In")]
    assert [f.type for f in deep.fields] == [TypeVar("Z", "p.Shape$In"), TypeVar("T", "p.Shape")]
    assert deep.fields[1].key == "p.Shape$In$Deep#t:Ljava/lang/Comparable;"
    nested = find(library, "p.Shape$Nested")
    assert nested.is_static_nested
    assert nested.methods[0].descriptor == "(I)V"


def test_interface_members(library: JavaLibrary) -> None:
    face = find(library, "p.Shape$Face")
    assert (face.kind, face.superclass) == (ClassKind.INTERFACE, None)
    assert face.flags == Flags.PROTECTED | Flags.STATIC | Flags.ABSTRACT
    assert {m.name: m.flags for m in face.methods} == {
        "a": Flags.PUBLIC | Flags.ABSTRACT,
        "d": Flags.PUBLIC | Flags.DEFAULT,
        "s": Flags.PUBLIC | Flags.STATIC,
    }
    assert find(library, "p.Mark").kind is ClassKind.ANNOTATION


def test_enum(library: JavaLibrary) -> None:
    color = find(library, "p.Shape$Color")
    assert color.kind is ClassKind.ENUM
    assert color.superclass == ClassType("java.lang.Enum", (ClassType("p.Shape$Color"),))
    assert [f.name for f in color.fields if f.enum_constant] == ["RED", "GREEN"]
    assert {m.name: m.implicit for m in color.methods} == {"values": True, "valueOf": True, "f": False}
    everything = read_class(Archive(library.jars[0]).read("p/Shape$Color.class"), Origin.LIBRARY, private=True)
    assert [m.descriptor for m in everything.methods if m.is_constructor] == ["()V", "(I)V"]


def test_record(library: JavaLibrary) -> None:
    point = find(library, "p.Shape$Point")
    n = TypeVar("N", "p.Shape$Point")
    assert point.kind is ClassKind.RECORD
    assert point.superclass == ClassType("java.lang.Record")
    assert [(c.name, c.type) for c in point.record_components] == [("x", n), ("ys", ArrayType(PrimitiveType("int")))]
    constructor = next(m for m in point.methods if m.is_constructor)
    assert constructor.descriptor == "(Ljava/lang/Number;[I)V"
    assert [p.name for p in constructor.params] == ["x", "ys"]


def test_sealed(library: JavaLibrary) -> None:
    node = find(library, "p.Node")
    assert node.flags & Flags.SEALED
    assert node.permits == ("p.Leaf", "p.Pair")


def test_private_members_on_request(library: JavaLibrary) -> None:
    data = Archive(library.jars[0]).read("p/Shape.class")
    everything = read_class(data, Origin.LIBRARY, private=True)
    assert {"secret"} == {m.name for m in everything.methods} - {m.name for m in find(library, "p.Shape").methods}
    assert everything.field("hidden") is not None
    assert "p.Shape$Hidden" in everything.members


def test_broken_class_files_are_refused(library: JavaLibrary) -> None:
    data = Archive(library.jars[0]).read("p/Shape.class")
    for broken in (b"", b"no class file at all", data[:100], data[: len(data) // 2]):
        with pytest.raises(ClassFormatError):
            read_class(broken, Origin.LIBRARY)


def test_no_variable_repeats_itself_for_ever() -> None:
    enum = JavaLibrary([]).find("java.lang.Enum")
    assert enum is not None
    assert enum.type_params[0].bounds == (ClassType("java.lang.Enum", (TypeVar("E", "java.lang.Enum"),)),)
    assert OBJECT not in enum.type_params[0].bounds


def test_folder_of_classes(library: JavaLibrary) -> None:
    folder = library.jars[0].parent / "out"
    again = JavaLibrary([folder])
    assert again.find("p.Shape") == library.find("p.Shape")
    assert again.jar_of("p.Shape") == folder
    assert isinstance(folder, Path)
