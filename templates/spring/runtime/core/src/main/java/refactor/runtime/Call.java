package refactor.runtime;

import java.util.LinkedHashSet;
import java.util.Set;

/** The head of a call message: who asks whom for what, on behalf of which logical thread. The values follow, unread. */
final class Call {
    String id;
    String thread;
    /** Processes with a suspended thread of this logical thread, the caller among them. */
    final Set<String> live = new LinkedHashSet<>();
    String from;
    String to;
    String operation;
    /** What the caller has open for the request of a user that it answers, or null. */
    String scope;
    /** The name of the caller's thread, where this process does not know it yet. */
    String name;
    /** Whether the caller's thread is marked as interrupted. */
    boolean interrupted;
    boolean readOnly;
    boolean hasSelf;

    /** Reads up to the first value: afterwards the reader stands at `self` or at the list of arguments. */
    static Call read(JsonReader in, boolean opened) {
        Call call = new Call();
        if (!opened) in.open('{');
        for (String name; (name = in.name()) != null; ) {
            switch (name) {
                case "id": call.id = in.string(); break;
                case "thread": call.thread = in.string(); break;
                case "live":
                    in.open('[');
                    while (in.element()) call.live.add(in.string());
                    break;
                case "from": call.from = in.string(); break;
                case "to": call.to = in.string(); break;
                case "op": call.operation = in.string(); break;
                case "scope": call.scope = in.string(); break;
                case "name": call.name = in.string(); break;
                case "interrupted": call.interrupted = in.bool(); break;
                case "readonly": call.readOnly = in.bool(); break;
                case "self":
                    call.hasSelf = true;
                    return call;
                case "args": return call;
                default: in.skip();
            }
        }
        throw in.malformed("a call without args");
    }
}
