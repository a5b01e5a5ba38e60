package refactor.runtime;

/**
 * One message of a conversation as it arrived: a reply (`{"result": ..}` or a problem object), or a call of the same
 * logical thread (`{"resume": token, "call": {..}}`).
 */
final class Incoming {
    /** Positioned at the value of the first member; or, for a call, at the call object. */
    final JsonReader in;
    final boolean call;
    /** For a call: what the answer to it must name; null when the answer goes out as an HTTP response. */
    final String token;
    /** For a reply: true when the owner ran the operation and it returned a value. */
    final boolean result;
    private final byte[] bytes;
    private final int from;
    private final int length;
    private Transport.Answer answer;

    private Incoming(byte[] bytes, int from, int length, Transport.Answer answer) {
        this.bytes = bytes;
        this.from = from;
        this.length = length;
        this.answer = answer;
        in = new JsonReader(bytes, from, length);
        in.open('{');
        String first = firstName(in);
        String found = null;
        if (first.equals("resume")) {
            found = in.text();
            first = in.name();
        }
        token = found;
        call = "call".equals(first);
        if ("reply".equals(first)) {
            in.open('{');
            first = in.name();
        }
        result = "result".equals(first);
        if (!call && !result && !"type".equals(first)) throw in.malformed("unknown message " + first);
    }

    /** The name of the first member that says what the message is; the request id and the sender come before it. */
    private static String firstName(JsonReader in) {
        for (String name; (name = in.name()) != null; ) {
            if (!name.equals("id") && !name.equals("from")) return name;
            in.skip();
        }
        throw in.malformed("empty message");
    }

    static Incoming of(Transport.Answer answer) {
        return new Incoming(answer.buffer(), answer.from(), answer.length(), answer);
    }

    static Incoming of(byte[] message) {
        return new Incoming(message, 0, message.length, null);
    }

    /** Frees what carried the message; its bytes must have been read. */
    void done() {
        if (answer != null) answer.done();
        answer = null;
    }

    /** The whole reply, to be passed on unread. */
    void copyReply(JsonWriter out) {
        JsonReader again = new JsonReader(bytes, from, length);
        again.open('{');
        String first = firstName(again);
        if (first.equals("resume")) {
            again.skip();
            first = again.name();
        }
        if (first.equals("reply")) {
            byte[] reply = again.slice();
            out.raw(reply);
        } else {
            out.raw(bytes, from, length);
        }
    }
}
