"""The defects, as replacements of text in copies of the product's own sources. Nothing of this exists in the product."""

# ruff: noqa: E501 - replaced text stands on one line, as in the source

from __future__ import annotations

from dataclasses import dataclass

RUNTIME = "templates/spring/runtime/core/src/main/java/refactor/runtime/"
CODEGEN = "refactor/codegen/"


@dataclass(frozen=True, slots=True)
class Defect:
    """`changes`: (file, old text, new text). `where`: "runtime" (in one JVM), "http" (real processes), "codegen", "leases" (the stateful
    test). `published`: it is one that published tools for splitting monoliths have."""

    name: str
    where: str
    changes: tuple[tuple[str, str, str], ...]
    published: bool = False


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
    _runtime("an exception becomes a RuntimeException", "Thrown", ("Class<?> type = host.classes.load(name);\n", "Class<?> type = RuntimeException.class;\n")),
    _runtime("fields of an exception stay behind", "Thrown", ("message.fields(made, host.classes.shape(type).fields);", "in.skip();")),
    _runtime("x.f += v adds twice", "IntCell", ("    /** `x += int`. */\n    public int add(int right) {\n        int value = old;\n        value += right;",
        "    /** `x += int`. */\n    public int add(int right) {\n        int value = old;\n        value += right;\n        value += right;")),
    _runtime("the callee's name of an operation lacks its class", "Endpoint", ('this.key = type + "/" + operation;',
        'this.key = type.substring(type.lastIndexOf(\'.\') + 1) + "/" + operation;')),
    _runtime("replies to other requests are taken for repetitions", "Recent", ("String key = from + ' ' + id;", "String key = from;")),
    # --- generated code
    _codegen("x.f++ counts down", "spring/edits", ("'Increment' if sign == '++' else 'Decrement'", "'Increment' if sign == '--' else 'Decrement'")),
    _codegen("a setter forgets to tell the owner", "spring/proxymembers", ('f"    {call(set_, value)};", ', "")),
    _codegen("a write reads", "spring/skeleton", ('        return f"{target}.{symbol.name} = ({self._erased(symbol.type)}) a[{index}]"',
        '        return f"{target}.{symbol.name}"')),
    _codegen("all arguments are the first one", "spring/skeleton",
        ("a[{i + first}]\" for i, p in enumerate(method.params)]", "a[{0 * i + first}]\" for i, p in enumerate(method.params)]")),
    _codegen("a proxy's class is initialised without its owner", "spring/proxy",
        ("        if not is_initialised_at_owner(self.world, cls):\n            return []", "        return []")),
    _codegen("an inner object forgets the object around it", "spring/proxymembers", ("        if self._is_inner():\n", "        if False:\n")),
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
)  # fmt: skip
