"""Random class shapes for Hypothesis: everything a class header and a member signature can look like, in combinations nobody writes."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

_GENERICS = ["", "<T>", "<T extends Comparable<T>>", "<K, V extends java.util.List<? super K>>"]
_ARGUMENTS = {"": "", "<T>": "<String>", "<T extends Comparable<T>>": "<Integer>", _GENERICS[3]: "<String, List<Object>>"}
_VARIABLES = {"": [], "<T>": ["T", "List<T>", "T[]"], _GENERICS[2]: ["T", "Map<String, T>"], _GENERICS[3]: ["K", "V", "Map<K, V>"]}
_TYPES = [
    "int", "long", "boolean", "char", "byte", "short", "double", "float", "String", "Object", "int[]", "String[]", "long[][]",
    "List<String>", "Map<String, ? extends Number>", "Runnable", "Integer", "Money", "Kind", "Watcher<String>", "java.math.BigDecimal",
    "Class<?>", "Failed",
]  # fmt: skip
_BOUNDS = ["A", "A extends Comparable<A>", "A extends Number & Comparable<A>", "A extends Enum<A>", "A, B extends List<? extends A>"]
_LIBRARY = ["java.util.ArrayList<String>", "java.util.AbstractMap<String, Money>", "java.util.TimerTask", "java.io.FilterReader"]
_DEFAULTS = {
    "int": "0", "long": "0L", "boolean": "false", "char": "'c'", "byte": "(byte) 0", "short": "(short) 0", "double": "0.0", "float": "0f",
}  # fmt: skip
_MODIFIERS = ["", "public ", "protected ", "public final ", "public synchronized ", "public static ", "static ", "public strictfp "]
PRELUDE = {
    "shop/Money.java": "package shop;\n\npublic record Money(long cents) { }\n",
    "shop/Kind.java": "package shop;\n\npublic enum Kind { BIG, SMALL }\n",
    "shop/Watcher.java": "package shop;\n\npublic interface Watcher<W> { W watched(W w); default int times() { return 1; } }\n",
    "shop/Failed.java": "package shop;\n\npublic class Failed extends Exception { }\n",
}


@dataclass(frozen=True, slots=True)
class Signature:
    params: tuple[str, ...]
    result: str
    modifiers: str
    throws: bool
    bound: str
    varargs: bool


@dataclass(frozen=True, slots=True)
class Shape:
    abstract: bool
    final: bool
    public: bool
    generics: str
    parent: int
    library: str
    watcher: bool
    constructors: tuple[tuple[str, ...], ...]
    methods: tuple[Signature, ...]
    fields: tuple[tuple[str, str], ...]
    nested: frozenset[str]


_params = st.lists(st.sampled_from(_TYPES), max_size=3).map(tuple)
_signatures = st.builds(
    Signature,
    params=_params,
    result=st.sampled_from(["void", *_TYPES]),
    modifiers=st.sampled_from(_MODIFIERS),
    throws=st.booleans(),
    bound=st.sampled_from(["", "", *_BOUNDS]),
    varargs=st.booleans(),
)
shapes = st.lists(
    st.builds(
        Shape,
        abstract=st.booleans(),
        final=st.booleans(),
        public=st.booleans(),
        generics=st.sampled_from(_GENERICS),
        parent=st.integers(-3, 8),
        library=st.sampled_from(["", "", "", *_LIBRARY]),
        watcher=st.booleans(),
        constructors=st.lists(_params, max_size=3, unique=True).map(tuple),
        methods=st.lists(_signatures, max_size=5).map(tuple),
        fields=st.lists(st.tuples(st.sampled_from(["", "public ", "protected ", "private ", "static ", "final ", "static final "]),
                                  st.sampled_from(_TYPES)), max_size=4).map(tuple),
        nested=st.frozensets(st.sampled_from(["inner", "static", "enum", "record", "interface", "exception", "private"])),
    ),
    min_size=3,
    max_size=8,
)  # fmt: skip


def sources(all_shapes: list[Shape]) -> dict[str, str]:
    """The shapes as a monolith: package shop holds them, desk.Desk calls everything that it can see."""
    files = dict(PRELUDE)
    calls: list[str] = []
    for index, shape in enumerate(all_shapes):
        files[f"shop/C{index}.java"] = _source(all_shapes, index, shape, calls)
    body = "\n".join(f"        {line}" for line in calls)
    head = "package shop;\n\nimport java.util.*;\n\nclass Desk {\n    @SuppressWarnings(\"unchecked\")\n    void use() throws Exception {\n"
    files["shop/Desk.java"] = f"{head}{body}\n    }}\n}}\n"
    return files


def _parent(all_shapes: list[Shape], index: int) -> int:
    """The nearest earlier shape that can be extended, or -1."""
    wanted = all_shapes[index].parent
    return wanted if 0 <= wanted < index and not _final(all_shapes[wanted]) else -1


def _final(shape: Shape) -> bool:
    return shape.final and not shape.abstract


def _source(all_shapes: list[Shape], index: int, shape: Shape, calls: list[str]) -> str:
    name, parent = f"C{index}", _parent(all_shapes, index)
    words = ["public"] * shape.public + ["abstract"] * shape.abstract + ["final"] * _final(shape)
    head = " ".join([*words, f"class {name}{shape.generics}"])
    library = shape.library if parent < 0 else ""
    if parent >= 0:
        head += f" extends C{parent}{_ARGUMENTS[all_shapes[parent].generics]}"
    elif library:
        head += f" extends {library}"
    if shape.watcher and not any(all_shapes[a].watcher for a in _ancestors(all_shapes, index)):
        head += " implements Watcher<Money>"
    lines = [f"package shop;\n\nimport java.util.*;\n\n{head} {{"]
    for number, (modifiers, type_) in enumerate(shape.fields):
        lines.append(f"    {modifiers}{type_} f{index}_{number} = {_value(type_)};")
    lines += _constructors(all_shapes, index, library, calls)
    lines += _methods(index, shape, calls)
    if library.startswith("java.util.AbstractMap"):
        lines.append("    @Override public Set<Map.Entry<String, Money>> entrySet() { return new HashSet<>(); }")
    if library == "java.util.TimerTask":
        lines.append("    @Override public void run() { }")
    if "implements" in head:
        lines.append("    @Override public Money watched(Money w) { return w; }" if not shape.abstract else "")
    elif (shape.watcher and not shape.abstract) or _owes_watched(all_shapes, index):
        lines.append("    @Override public Money watched(Money w) { return w; }")
    lines += _nested(name, shape)
    return "\n".join([*(line for line in lines if line), "}"]) + "\n"


def _ancestors(all_shapes: list[Shape], index: int) -> list[int]:
    found = []
    while (index := _parent(all_shapes, index)) >= 0:
        found.append(index)
    return found


def _owes_watched(all_shapes: list[Shape], index: int) -> bool:
    return not all_shapes[index].abstract and any(all_shapes[a].watcher for a in _ancestors(all_shapes, index))


def _value(type_: str) -> str:
    return _DEFAULTS.get(type_, "null")


def _argument(type_: str) -> str:
    return _DEFAULTS.get(type_, f"({type_}) null")


def _constructors(all_shapes: list[Shape], index: int, library: str, calls: list[str]) -> list[str]:
    shape, parent = all_shapes[index], _parent(all_shapes, index)
    if parent >= 0 and all_shapes[parent].constructors:
        above = ", ".join(_argument(t) for t in all_shapes[parent].constructors[0])
    else:
        above = "new java.io.StringReader(\"\")" if library == "java.io.FilterReader" else ""
    needed = shape.constructors or (((),) if above else ())
    lines = []
    for params in needed:
        shown = ", ".join(f"{t} p{i}" for i, t in enumerate(params))
        lines.append(f"    protected C{index}({shown}) {{ super({above}); }}")
        if not shape.abstract:
            calls.append(f"new C{index}{_ARGUMENTS[shape.generics]}({', '.join(_argument(t) for t in params)});")
    return lines


def _methods(index: int, shape: Shape, calls: list[str]) -> list[str]:
    lines = []
    receiver = f"((C{index}{_ARGUMENTS[shape.generics]}) null)"
    for number, method in enumerate(shape.methods):
        params = [*method.params, *([] if "static" in method.modifiers else _VARIABLES[shape.generics][:1])]
        shown = [f"{t} p{i}" for i, t in enumerate(params)]
        if method.bound:
            shown.append("A[] all")
        elif method.varargs:
            shown.append("String... rest")
        generics = f"<{method.bound}> " if method.bound else ""
        throws = " throws Failed, java.io.IOException" if method.throws else ""
        for name in {f"m{index}_{number % 2}x{len(params)}", f"n{index}_{number}"}:
            body = "{ }" if method.result == "void" else f"{{ return {_argument(method.result)}; }}"
            if name.startswith("m") and any(name in line for line in lines):
                continue
            lines.append(f"    {method.modifiers}{generics}{method.result} {name}({', '.join(shown)}){throws} {body}")
        if not method.bound:
            arguments = [_argument(t) for t in method.params]
            if len(params) > len(method.params):
                arguments.append("null")
            target = f"C{index}" if "static" in method.modifiers else receiver
            calls.append(f"{target}.n{index}_{number}({', '.join(arguments)});")
    if shape.abstract:
        lines.append(f"    void a{index}() {{ }}")
    return lines


def _nested(name: str, shape: Shape) -> list[str]:
    known = {
        "inner": f"    public class In {{ int x; protected In(int x) {{ this.x = x; }} {name} outer() {{ return {name}.this; }}\n"
        "    class Deep { int y() { return x; } } }",
        "static": "    protected static class Fixed<Q> { Q q; Q get() { return q; } static int made() { return 1; } }",
        "enum": "    enum Way { UP { int by() { return 1; } }, DOWN; int by() { return -1; } }",
        "record": "    public record Pair(int a, String... b) { static final int SIZE = 2; int twice() { return a * SIZE; } }",
        "interface": "    interface Told { void told(Pile p); default int count() { return 0; } class Pile { int height; } }",
        "exception": "    static class Bad extends RuntimeException { final int code; Bad(int c) { super(\"bad\"); code = c; } }",
        "private": "    private static class Hidden { int z; } private Hidden hidden;",
    }
    return [known[kind] for kind in sorted(shape.nested)]
