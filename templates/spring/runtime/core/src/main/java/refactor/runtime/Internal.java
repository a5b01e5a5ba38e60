package refactor.runtime;

import java.util.Map;

/** The runtime's own operations: leases of references, and the counters that the verifier reads. */
final class Internal {
    private Internal() {}

    /** `{"from": process, "n": number, "ids": {id: received}}`, or `"all": true` from a process that ends. */
    static JsonWriter release(Host host, JsonReader in) {
        in.open('{');
        String from = null;
        for (String name; (name = in.name()) != null; ) {
            switch (name) {
                case "from":
                    from = in.string();
                    host.leases.heard(from);
                    break;
                case "n":
                    if (!host.leases.isNew(from, in.integer())) return done();
                    break;
                case "ids":
                    if (from == null) throw in.malformed("from comes first");
                    in.open('{');
                    for (String id; (id = in.name()) != null; ) host.exports.release(id, from, (int) in.integer());
                    break;
                case "all":
                    if (from == null) throw in.malformed("from comes first");
                    if (in.bool()) {
                        host.exports.expire(from);
                        host.workers.forget(from);
                    }
                    break;
                default: in.skip();
            }
        }
        return done();
    }

    /** `{"from": process, "url": address or null}`: the heartbeat, and the introduction on first contact. */
    static JsonWriter renew(Host host, JsonReader in) {
        in.open('{');
        String from = null;
        String url = null;
        for (String name; (name = in.name()) != null; ) {
            if (name.equals("from")) from = in.string();
            else if (name.equals("url")) url = in.text();
            else in.skip();
        }
        if (from == null) throw in.malformed("no from");
        host.leases.heard(from);
        int dot = from.indexOf('.');
        if (url != null && dot > 0) host.peers.learn(from, url);
        return JsonWriter.open().open('{').name("process").string(host.process).close('}');
    }

    /** `{"from": process, "n": number, "ids": [id]}`: what a holder has, so that it does not depend on who gave it. */
    static JsonWriter hold(Host host, JsonReader in) {
        in.open('{');
        String from = null;
        for (String name; (name = in.name()) != null; ) {
            switch (name) {
                case "from":
                    from = in.string();
                    host.leases.heard(from);
                    break;
                case "n":
                    if (!host.leases.isNew(from, in.integer())) return done();
                    break;
                case "ids":
                    if (from == null) throw in.malformed("from comes first");
                    in.open('[');
                    while (in.element()) host.exports.held(in.string(), from);
                    break;
                default: in.skip();
            }
        }
        return done();
    }

    /** `{"from": process, "n": number, "id": id, "to": process, "count": n}`: a holder passed a reference on. */
    static JsonWriter grant(Host host, JsonReader in) {
        in.open('{');
        String from = null;
        String id = null;
        String to = null;
        int count = 1;
        for (String name; (name = in.name()) != null; ) {
            if (name.equals("id")) id = in.string();
            else if (name.equals("to")) to = in.string();
            else if (name.equals("count")) count = (int) in.integer();
            else if (name.equals("from")) host.leases.heard(from = in.string());
            else if (name.equals("n")) {
                if (!host.leases.isNew(from, in.integer())) return done();
            } else in.skip();
        }
        if (id == null || to == null) throw in.malformed("grant needs id and to");
        host.leases.expect(to);
        host.activity.moved(); // a trace of this process that is under way does not know the new holder
        host.exports.granted(id, to, count);
        return done();
    }

    static JsonWriter stats(Host host) {
        JsonWriter out = JsonWriter.open().open('{');
        out.name("process").string(host.process);
        out.name("ids").number(host.exports.size());
        host.cycles.describe(out);
        out.name("exported");
        counts(out, host.exports.classes());
        out.name("held").number(host.imports.size());
        out.name("threads").number(host.workers.size());
        out.name("calls");
        counts(out, host.calls());
        return out.close('}');
    }

    private static void counts(JsonWriter out, Map<String, Long> counts) {
        out.open('{');
        counts.forEach((name, count) -> out.key(name).number(count));
        out.close('}');
    }

    /** Collects garbage until no more proxies are found dead, tells their owners, then reports the counters. */
    static JsonWriter collect(Host host) {
        host.readAheads.settle();
        for (int round = 0, quiet = 0; round < 20 && quiet < 2; round++) {
            System.gc();
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            quiet = host.leases.flush() == 0 ? quiet + 1 : 0;
        }
        return stats(host);
    }

    private static JsonWriter done() {
        return JsonWriter.open().open('{').name("done").literal("true").close('}');
    }
}
