"""The defects, as replacements of text in copies of the product's own sources. Nothing of this exists in the product."""

# ruff: noqa: E501 - replaced text stands on one line, as in the source

from __future__ import annotations

from dataclasses import dataclass

RUNTIME = "templates/spring/runtime/core/src/main/java/refactor/runtime/"
CODEGEN = "refactor/codegen/"


@dataclass(frozen=True, slots=True)
class Defect:
    """`changes`: (file, old text, new text). `where`: "runtime" (in one JVM), "http" (real processes), "codegen", "leases" (the stateful
    test), "junit" (the runtime's own tests, those of `tests`). `published`: it is one that published tools for splitting monoliths have.
    """

    name: str
    where: str
    changes: tuple[tuple[str, str, str], ...]
    published: bool = False
    tests: tuple[str, ...] = ()


def _junit(name: str, tests: str, file: str, *changes: tuple[str, str]) -> Defect:
    """A defect of the runtime that generated programs need not show: these test classes have to."""
    return Defect(name, "junit", tuple((f"{RUNTIME}{file}.java", old, new) for old, new in changes), tests=tuple(tests.split()))


def _runtime(name: str, file: str, *changes: tuple[str, str], where: str = "runtime", published: bool = False) -> Defect:
    return Defect(name, where, tuple((f"{RUNTIME}{file}.java", old, new) for old, new in changes), published)


def _codegen(name: str, file: str, *changes: tuple[str, str], published: bool = False) -> Defect:
    return Defect(name, "codegen", tuple((f"{CODEGEN}{file}.py", old, new) for old, new in changes), published)


DEFECTS: tuple[Defect, ...] = (
    # --- what published tools get wrong
    _codegen("argument names are sent as text", "spring/proxycalls",
        ("    single = alone and len(names) == 1\n", "    return [f'\"{n}\"' for n in names]\n    single = alone and len(names) == 1\n"),
        published=True),
    _runtime("malformed query: the operation stands after a question mark", "Endpoint",
        ('("/api/" + key)', '("/api/" + type + "?" + operation)'), where="http", published=True),
    _runtime("the client sends GET, the server expects POST", "HttpClient", ('"POST ".getBytes', '"GET ".getBytes'), where="http",
        published=True),
    _codegen("required arguments are missing", "spring/proxycalls",
        ("    return [_argument(n, t, single, remote) for n, t in zip(names, types, strict=True)]",
         "    return [_argument(n, t, single, remote) for n, t in zip(names, types, strict=True)][:-1]"), published=True),
    _codegen("factories answer (X) new Object()", "spring/proxymembers",
        ('f"    return {cast(result)}{call};", "}", ""]\n\n    def inherited', 'f"    return {cast(result)}new Object();", "}", ""]\n\n    def inherited'),
        published=True),
    _runtime("the service calls its own port", "Peers", ("new Peer(name, host, port, head",
        "new Peer(name, host, byName.isEmpty() ? port : byName.values().iterator().next().port, head"), where="http", published=True),
    Defect("mutable statics are duplicated into proxies", "codegen", (
        (f"{CODEGEN}spring/edits.py", "    constant = field.enum_constant or (", "    constant = field.enum_constant or field.flags & Flags.STATIC or ("),
        (f"{CODEGEN}spring/proxymembers.py", "        endpoints = self.world.fields.get(field.key, ())\n        if field.flags & Flags.STATIC and",
         '        if field.flags & Flags.STATIC and not field.flags & Flags.FINAL:\n            return [" ".join([*words, type_, field.name + ";"]), ""]\n'
         "        endpoints = self.world.fields.get(field.key, ())\n        if field.flags & Flags.STATIC and"),
    ), published=True),
    _codegen("synchronized is kept on proxies", "spring/proxymembers", ('_DROPPED = frozenset({"synchronized", ', "_DROPPED = frozenset({"),
        published=True),
    _codegen("null for a primitive result", "spring/skeleton",
        ("if operation.method.result == VOID and direct else call", "if direct else call"), published=True),
    _runtime("id maps are never pruned", "Exports", ("if (entry != null) settle(entry, holder, -received);", ""), published=True),
    _runtime("id maps are not safe for threads", "Exports", ("synchronized String grant(", "String grant("),
        ("synchronized Object find(", "Object find("), ("synchronized String randomHex(", "String randomHex("), where="leases", published=True),
    _runtime("collections become new Object()", "Unmarshal",
        ("return asProxy ? host.proxies.of(ref) : ref;", 'return !asProxy ? ref : className.startsWith("java.util.") ? new Object() : host.proxies.of(ref);'),
        published=True),
    _runtime("arrays arrive without their elements", "Unmarshal", ("        fill(array);\n        if (type.isPrimitive())", "        in.skip();\n        if (type.isPrimitive())"),
        published=True),
    # --- values
    _runtime("long travels as int", "Marshal", ('tag("long").number((Long) value)', 'tag("long").number((int) (long) (Long) value)')),
    _runtime("minus zero loses its sign", "Marshal", ("out.literal(Double.toString(value));", "out.literal(Double.toString(value + 0.0));")),
    _runtime("NaN becomes zero", "Marshal", ('bits == 0x7ff8000000000000L ? "NaN"', 'bits == 0x7ff8000000000000L ? "0.0"')),
    _runtime("a character keeps eight bits", "Unmarshal",
        ('case "char": in.name("v"); return in.string().charAt(0);', 'case "char": in.name("v"); return (char) (in.string().charAt(0) & 255);')),
    _runtime("control characters are dropped from texts", "JsonWriter", ("            char c = value.charAt(i);\n            if (c < 0x80",
        "            char c = value.charAt(i);\n            if (c < 0x20) continue;\n            if (c < 0x80")),
    _runtime("short travels as byte", "Unmarshal",
        ('case "short": in.name("v"); return (short) in.integer();', 'case "short": in.name("v"); return (short) (byte) in.integer();')),
    _runtime("float goes through a coarser text", "Marshal", ("out.literal(Float.toString(value));", 'out.literal(String.format("%.3e", value));')),
    _runtime("the first constant stands for every enum value", "Unmarshal",
        ("if (((Enum<?>) constant).name().equals(name)) return constant;", "if (true) return constant;")),
    _runtime("arrays are not copied back", "Unmarshal", ("if (target.getClass().isArray()) fill(target);", "if (target.getClass().isArray()) in.skip();")),
    # --- identity
    _runtime("every arrival of an id makes a new proxy", "Imports", ("Ref ref = held == null ? null : held.get();", "Ref ref = null;")),
    _runtime("every departure of an object makes a new id", "Exports", ("Entry entry = byObject.get(object);", "Entry entry = null;")),
    _runtime("the number of arrivals is not counted", "Imports", ("held.received++;", "")),
    _runtime("a reference handed on is not told to its owner", "Marshal",
        ("if (!ref.process().equals(to)) host.leases.handOff(proxy, to);", "")),
    # --- calls, conversations, exceptions
    _runtime("call-backs run on another thread", "Conversation", ("private Session route(String to) {", "private Session route(String to) {\n        if (true) return null;")),
    _runtime("elements read ahead are not given back", "ReadAhead", ("for (ReadAhead each : all) each.settle();", "")),
    _runtime("the end of an iteration is remembered for ever", "ReadAhead",
        ("if (!next && endSeen == active.events.get()) return Boolean.FALSE;", "if (!next && endSeen >= 0) return Boolean.FALSE;"),
        ("!(endSeen == active.events.get())", "!(endSeen >= 0)")),
    _runtime("an exception loses its message", "Thrown", (
        "MESSAGE.set(made, type.getName().equals(name) ? text : text == null ? name : name + \": \" + text);", "MESSAGE.set(made, null);")),
    _runtime("an exception loses its cause", "Thrown", ("CAUSE.set(made, cause(message, made));", "cause(message, made);\n        CAUSE.set(made, made);")),
    _runtime("an exception loses the frames of its owner", "Thrown", ("while (in.element()) frames.add(frame(in.string()));", "while (in.element()) in.skip();")),
    _runtime("an exception loses the frames of its caller", "Thrown", ("i < Math.max(from, to); i++) frames.add(here[i]);", "i < from; i++) frames.add(here[i]);")),
    _runtime("an exception becomes a RuntimeException", "Thrown", ("Class<?> type = host.classes.exception(name, types);\n", "Class<?> type = RuntimeException.class;\n")),
    _runtime("fields of an exception stay behind", "Thrown", ("message.fields(made, host.classes.shape(type).fields);", "in.skip();")),
    _runtime("x.f += v adds twice", "IntCell", ("    /** `x += int`. */\n    public int add(int right) {\n        int value = old;\n        value += right;",
        "    /** `x += int`. */\n    public int add(int right) {\n        int value = old;\n        value += right;\n        value += right;")),
    _runtime("the callee's name of an operation lacks its class", "Endpoint", ('this.key = type + "/" + operation;',
        'this.key = type.substring(type.lastIndexOf(\'.\') + 1) + "/" + operation;')),
    _runtime("replies to other requests are taken for repetitions", "Recent", ("String key = from + ' ' + id;", "String key = from;")),
    # --- generated code
    _codegen("x.f++ counts down", "spring/fieldaccess", ('_STEPS = {"++": "Increment", "--": "Decrement"}', '_STEPS = {"--": "Increment", "++": "Decrement"}')),
    _codegen("a setter forgets to tell the owner", "spring/proxymembers", ('f"    {call(set_, value)};", ', "")),
    _codegen("a write reads", "spring/skeleton", ('        return f"{target}.{symbol.name} = ({self._erased(symbol.type)}) a[{index}]"',
        '        return f"{target}.{symbol.name}"')),
    _codegen("all arguments are the first one", "spring/skeleton",
        ("a[{i + first}]\" for i, p in enumerate(method.params)]", "a[{0 * i + first}]\" for i, p in enumerate(method.params)]")),
    _codegen("a proxy's class is initialised without its owner", "spring/proxy",
        ("        if not is_initialised_at_owner(self.world, cls):\n            return []", "        return []")),
    _codegen("an inner object forgets the object around it", "spring/proxymembers", ("        if inner:\n", "        if False:\n")),
    _codegen("overloads share one operation", "names", ('    return f"{name}~{descriptor_hash(method.descriptor)}" if overloaded else name', "    return name")),
    _codegen("inherited methods run in the proxy", "spring/proxy", ("        for item in inherited_methods(self.world, cls):", "        for item in ():")),
    _codegen("a single array is spread over the arguments", "spring/proxycalls", ('        return f"(Object) {name}"', "        return name")),
    _codegen("constants of an enum in another order", "spring/proxy", (
        "constants = [f.name for f in cls.fields if f.enum_constant]", "constants = [f.name for f in cls.fields if f.enum_constant][::-1]")),
    _codegen("methods without a result are not called", "spring/skeleton", (
        'return f"{{ {call}; return null; }}" if', 'return "{ return null; }" if')),
    _codegen("records are unknown to the manifest", "spring/manifest", ('"values": by_passing[Passing.VALUE],', '"values": [],')),
    # --- leases: messages that are late, lost or repeated
    _runtime("a release overtakes a re-send: it drops the holder whatever it had received", "Exports",
        ("if (entry != null) settle(entry, holder, -received);", "if (entry != null) settle(entry, holder, -entry.holders.getOrDefault(holder, 0));"),
        where="leases"),
    _runtime("a dead holder keeps its objects", "Exports", ("if (entry.holders.remove(holder) == null) continue;", "if (entry.id != null) continue;"),
        where="leases"),
    _runtime("a grant counts for its sender", "Internal", ("host.exports.granted(id, to, count);", "host.exports.granted(id, id, count);"), where="leases"),
    # --- twenty that nothing, or only a test that nobody ran, noticed once
    _junit("the last of two release counts of one id in a batch wins", "KeptTest", "Leases", (".merge(gone.id, gone.received, Integer::sum);", ".put(gone.id, gone.received);")),
    _junit("the process has the same epoch after a restart", "KeptTest", "Exports", (
        "return Long.toString(System.currentTimeMillis(), 36) + Integer.toString(new SecureRandom().nextInt(1 << 20), 36);", 'return "0";')),
    _junit("the second chunk of an iteration forgets the first one's count", "KeptTest", "Rewindable", ("    private void pass() {\n        taken += ahead;", "    private void pass() {\n        taken = ahead;")),
    _junit("0.0 that became -0.0 in an array is not copied back", "KeptTest", "Unmarshal", ("Arrays.deepEquals(new Object[] {arrived.get(i)}, new Object[] {value})",
        "(value instanceof double[] now && arrived.get(i) instanceof double[] then ? java.util.stream.IntStream.range(0, now.length).allMatch(at -> now[at] == then[at])"
        " : Arrays.deepEquals(new Object[] {arrived.get(i)}, new Object[] {value}))")),
    _junit("the cause of a cause is dropped", "KeptTest", "Thrown", ("        return message.value();\n", "        Object cause = message.value();\n"
        "        if (cause instanceof Throwable) CAUSE.set(cause, null);\n        return cause;\n")),
    _junit("references in an answer that cannot be sent are not taken back", "KeptTest", "Dispatcher", ("            out.takeBack();\n            reply.truncate(0);\n"
        "            return problem(reply, Problem.UNSUPPORTED,", "            reply.truncate(0);\n            return problem(reply, Problem.UNSUPPORTED,")),
    _junit("a collected copy removes its successor", "KeptTest", "Copies", ("byId.remove(key.id, key);", "byId.remove(key.id);")),
    _codegen("an overridden default method is not forwarded", "spring/members", ("if method.flags & Flags.ABSTRACT or _overridden_below(world, cls, method):", "if method.flags & Flags.ABSTRACT:")),
    _codegen("hidden fields share one accessor", "spring/members", ("    if any(c is not None and c.field(field.name) is not None for c in others):", "    if False and others:")),
    _junit("activity is not left when a call throws", "KeptTest", "Remote", ("        try {\n            return exchange(host, endpoint, to, self, args, create);\n        } finally {\n"
        "            host.activity.exit();\n        }", "        Object result = exchange(host, endpoint, to, self, args, create);\n        host.activity.exit();\n        return result;")),
    _junit("an enum constant with a body is sent by the class of its body", "ValuesTest KeptTest", "Marshal", ("((Enum<?>) value).getDeclaringClass().getName());\n                out", "value.getClass().getName());\n                out")),
    _junit("suppressed exceptions are dropped", "ValuesTest", "Thrown", ("for (Throwable each : thrown.getSuppressed()) marshal.value(each);", "")),
    _junit("an interrupt during a call is lost", "KeptTest", "Session", ("if (interrupted) Thread.currentThread().interrupt();", "")),
    _junit(">>>= on a byte keeps its sign", "CellsTest KeptTest", "ByteCell", ("    /** `x >>>= int`. */\n    public byte shiftRightUnsigned(int right) {\n        byte value = old;\n        value >>>= right;",
        "    /** `x >>>= int`. */\n    public byte shiftRightUnsigned(int right) {\n        byte value = old;\n        value = (byte) ((value & 255) >>> right);")),
    # --- written before looking at what the tests can see
    _junit("calls of one thread run on any thread of the owner", "WorkersTest", "Workers", ("Worker worker = strand == null ? null :", "Worker worker = strand == null || strand != null ? null :")),
    _junit("the name of a thread stays behind", "WorkersTest", "Dispatcher", ("if (call.name != null) Thread.currentThread().setName(call.name);", "")),
    _junit("the mark of an interrupted thread does not come home", "WorkersTest", "Dispatcher", ('if (interrupted) reply.name("interrupted").literal("true");', "")),
    _junit("the mark of an interrupted thread does not go along", "WorkersTest", "Dispatcher", ("if (call.interrupted) Thread.currentThread().interrupt();", "")),
    _junit("what stands for threads that have ended stays", "WorkersTest", "Workers", ("if (thread.isAlive()) return;", "if (thread != null) return;")),
    _junit("a class object that is not known becomes that of Object", "StandInsTest", "Classes", ("if (found == null) found = standIn(name, modifiers, types, constants);", "if (found == null) found = Object.class;")),
    _junit("an exception that keeps no frames gets some", "StandInsTest", "Thrown", ("if (in.nullValue()) TRACE.set(made, null);", "if (in.nullValue()) made.setStackTrace(new Throwable().getStackTrace());")),
    _junit("a decimal number loses its trailing zeros", "KeptTest", "LibraryValues", ("text(BigDecimal.class, BigDecimal::toString,", "text(BigDecimal.class, v -> v.stripTrailingZeros().toString(),")),
    _junit("a time with an offset is moved to another one", "KeptTest", "LibraryValues", ("text(java.time.OffsetDateTime.class, Object::toString,",
        "text(java.time.OffsetDateTime.class, v -> v.toInstant().toString(),")),
    _junit("a pattern forgets its flags", "KeptTest", "LibraryValues", ("List.of(v.pattern(), v.flags())", "List.of(v.pattern(), 0)")),
    _junit("nothing in an Optional is no Optional", "KeptTest", "LibraryValues", ("v -> Optional.ofNullable(v.get(0))", "v -> v.get(0) == null ? null : Optional.of(v.get(0))")),
    _junit("the elements of an immutable list change places", "KeptTest", "ImmutableCollections", ('case "List.of": return List.of(v.toArray());',
        'case "List.of": java.util.Collections.reverse(v); return List.of(v.toArray());')),
    _junit("what was taken of a chunk is given again", "KeptTest", "Rewindable", ("        taken += consumed;\n", "")),
    _junit("contents are not copied back when a call throws", "KeptTest", "Remote", ("                    rest(values, in, sent);\n                    throw", "                    throw")),
    _junit("a copied value comes home as another object", "KeptTest ValuesTest", "Copies", ("return key == null ? null : key.get();", "return null;")),
    _junit("nobody is told what was collected", "KeptTest", "Leases", ("byOwner.forEach(this::release);", "")),
    _junit("leases are never renewed, and nobody is asked whether he lives", "LeasesTest", "Leases", ("                    renew();\n", ""),
        ("if (peer == null) lose(holder);\n            else ask(holder, () -> probe(holder, peer));", "lose(holder);")),
    _junit("a request that comes twice runs twice", "TransportTest WireTest", "Recent", ("            if (first == null) {\n", "            if (true) return exchange;\n            if (first == null) {\n")),
    _junit("what is open for a request stays behind", "ScopesTest", "Scopes", ("String scope = ENTERED.get();\n        if (scope == null) scope = mine();", "String scope = null;")),
    _junit("characters are not copied back", "KeptTest", "Unmarshal", ("in.string().getChars(0, chars.length, chars, 0);", "in.string();")),
    _junit("the bits of a NaN are lost", "KeptTest", "Marshal", ('"NaN" : "NaN:" + Long.toHexString(bits)', '"NaN" : "NaN"')),
    _junit("any token is good", "WireTest", "Dispatcher", ("return authorization != null && MessageDigest.isEqual(credentials, authorization.getBytes(StandardCharsets.UTF_8));",
        "return authorization != null;")),
    _junit("parts of other builds are let in", "WireTest", "Dispatcher", ("if (mine == null || mine.equals(said.substring(space + 1))) return null;", "if (space > 0) return null;")),
    _junit("a buffer given through an interface is copied", "StandInsTest", "Forwarding", ("if (shared[i]) given[i] = Remote.shared(given[i]);", ";")),
    _codegen("a buffer given to the constructor of an inner class is copied", "spring/proxymembers", ('simple_name}.this", *arguments]', 'simple_name}.this", *names]')),
    _codegen("a buffer behind an interface is copied", "spring/proxycalls", ('return f"{remote}.shared({name})" if isinstance(erased, ClassType) and erased.name in _BUFFERS else name', "return name")),
    _codegen("every call says that it writes no array", "spring/proxycalls", ('suffix = ".readOnlyArrays()" if (cls, operation) in read_only else ""', 'suffix = ".readOnlyArrays()" if True or read_only else ""')),
    _codegen("exceptions are unknown to the manifest", "spring/manifest", ('"exceptions": by_passing[Passing.EXCEPTION]', '"exceptions": []')),
)  # fmt: skip
