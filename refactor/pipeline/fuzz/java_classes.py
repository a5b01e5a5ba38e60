"""A program of the form as Java files: one class a file, all in one package."""

from __future__ import annotations

from refactor.pipeline.fuzz.form import (
    BOOL,
    NUMBERS,
    PINNED,
    Class,
    Constructor,
    Field,
    Method,
    Program,
    Type,
)  # fmt: skip
from refactor.pipeline.fuzz.java_code import Printer
from refactor.pipeline.fuzz.java_support import DUMP, NODE, TRACE
from refactor.pipeline.fuzz.shapes import SIMPLE

Lines = list[str]


def java_sources(program: Program, package: str) -> dict[str, str]:
    """before: a program   after: file name (relative to the source root) -> text"""
    printer = Printer(frozenset(c.name for c in program.classes if c.kind == "record"))
    folder = package.replace(".", "/")
    found = {}
    for cls in program.classes:
        text = "\n".join(_class(printer, cls, top=True))
        found[f"{folder}/{cls.name}.java"] = f"package {package};\n\n{text}\n"
    found[f"{folder}/Main.java"] = f"package {package};\n\n" + "\n".join(_main(printer, program)) + "\n"
    for name, text in (("T", TRACE), ("N", NODE), ("D", DUMP)):
        found[f"{folder}/{name}.java"] = text.replace("{package}", package)
    return found


def _indent(lines: Lines) -> Lines:
    return ["    " + part if part else part for line in lines for part in line.split("\n")]


def _class(printer: Printer, cls: Class, *, top: bool = False) -> Lines:
    simple = cls.name.rpartition(".")[2]
    walked = cls.kind not in ("interface", "enum", "exception")
    interfaces = [*cls.interfaces, *(["N"] if walked and cls.parent is None else [])]
    words = {"interface": "interface", "enum": "enum", "record": "record", "abstract": "abstract class", "nested": "static class"}
    keyword = "public interface" if cls.kind == "interface" else words.get(cls.kind, "class")
    components = ", ".join(f"{printer.type(f.type)} {f.name}" for f in cls.fields) if cls.kind == "record" else ""
    head = f"{keyword} {simple}{printer.variables(cls.variables)}" + (f"({components})" if cls.kind == "record" else "")
    shown = {t.name: printer.type(t) for t in cls.supers}
    parent = "RuntimeException" if cls.kind == "exception" else cls.parent
    if parent:
        head += f" extends {shown.get(parent, parent)}"
    if interfaces:
        head += f" {'extends' if cls.kind == 'interface' else 'implements'} {', '.join(shown.get(i, i) for i in interfaces)}"
    body: Lines = []
    if cls.kind == "enum":
        body.append(", ".join(f"{n}({printer.args(a)})" for n, a in cls.constants) + ";")
    if cls.kind != "record":
        body += [line for f in cls.fields for line in _field(printer, f)]
    if any(m.locked for m in cls.methods):
        body.append("private final java.util.concurrent.locks.ReentrantLock guard_ = new java.util.concurrent.locks.ReentrantLock();")
    if cls.static_init:
        body += ["static {", *_indent(printer.block(cls.static_init)), "}"]
    if cls.init:
        body += ["{", *_indent(printer.block(cls.init)), "}"]
    body += _constructors(printer, cls, simple)
    for method in cls.methods:
        body += ["", *printer.method(method, _modifiers(cls, method)).split("\n")]
    if cls.equality:
        body += _equality(cls)
    if walked:
        body += _dump(cls)
    if top and cls.kind not in ("interface", "record", "exception"):
        body += _statics(cls)
    for nested in cls.nested:
        body += ["", *_class(printer, nested)]
    return [head + " {", *_indent(body), "}"]


def _field(printer: Printer, f: Field) -> Lines:
    words = "".join(w + " " for w, on in (("private", f.private), ("static", f.static), ("final", f.final)) if on)
    init = f" = {printer.expr(f.init)}" if f.init is not None else ""
    return [f"{words}{printer.type(f.type)} {f.name}{init};"]


def _modifiers(cls: Class, m: Method) -> str:
    if cls.kind == "interface":
        return "" if m.body is None else "default "
    words = ["private" if m.private else "public", "abstract" if m.body is None else "", "static" if m.static else ""]
    words.append("synchronized" if m.synchronized and m.body is not None else "")
    return "".join(w + " " for w in words if w)


def _constructors(printer: Printer, cls: Class, simple: str) -> Lines:
    if cls.kind == "enum":
        return ["", f"{simple}(int weight) {{", "    this.weight = weight;", "}"]
    if cls.kind == "exception":
        return ["", f"{simple}(String message, int code) {{", "    super(message);", "    this.code = code;", "}"]
    return [line for c in cls.constructors for line in _constructor(printer, c, simple)]


def _constructor(printer: Printer, c: Constructor, simple: str) -> Lines:
    params = ", ".join(f"{printer.type(p.type)} {p.name}" for p in c.params)
    first = [f"super({printer.args(c.to_super)});"] if c.to_super is not None else []
    first += [f"this({printer.args(c.to_this)});"] if c.to_this is not None else []
    return ["", f"{simple}({params}) {{", *_indent([*first, *printer.block(c.body)]), "}"]


def _equality(cls: Class) -> Lines:
    """equals and hashCode over the fields that hold values."""
    names = [f.name for f in cls.fields if not f.static and f.type in SIMPLE]
    tests = "".join(f" && java.util.Objects.equals({n}, ((({cls.name}) other)).{n})" for n in names)
    return [
        "", "@Override", "public boolean equals(Object other) {",
        f"    return other != null && other.getClass() == getClass(){tests};", "}",
        "", "@Override", "public int hashCode() {", f"    return java.util.Objects.hash({', '.join(names) or '7'});", "}",
    ]  # fmt: skip


def _dump(cls: Class) -> Lines:
    body = ["super.dump_(d);"] if cls.parent else []
    body.append(f'd.value("is", "{cls.name}");')
    body += [line for f in cls.fields if not f.static for line in _dumped(f, f.name)]
    return ["", "@Override", "public void dump_(D d) {", *_indent(body), "}"]


def _dumped(f: Field, path: str) -> Lines:
    if f.type.name in PINNED:
        return []
    if f.type in SIMPLE:
        return [f'd.value("{f.name}", {path});']
    if f.type.name not in ("array", "list", "map"):
        return [f'd.{_kind(f.type)}("{f.name}", {path});']
    loop = f"{path}.values()" if f.type.name == "map" else path
    size = f"{path}.length" if f.type.name == "array" else f"{path}.size()"
    element = f.type.args[0]
    line = f'd.{"value" if element in SIMPLE else _kind(element)}("-", e);'
    shown = f'd.value("{f.name}", {path} == null ? -1 : {size});'
    return [shown, f"if ({path} != null) {{", f"    for (var e : {loop}) {{", f"        {line}", "    }", "}"]


def _kind(type_: Type) -> str:
    """Records are the only classes whose name begins with R."""
    return "inline" if type_.name.startswith("R") else "ref"


def _statics(cls: Class) -> Lines:
    """What a class holds without an object: dumped, then let go as far as it can be."""
    held = [f for f in cls.fields if f.static]
    show = [line for f in held for line in _dumped(f, f.name)]
    if cls.kind == "enum":
        show += [f'd.value("{c}.{f.name}", {c}.{f.name});' for c, _ in cls.constants for f in cls.fields]
    drop = [f"{f.name} = null;" for f in held if not f.final and f.type not in (*NUMBERS, BOOL)]
    # A static that an initialiser asked for while it ran may have stayed null.
    drop += [f"if ({f.name} != null) {f.name}.clear();" for f in held if f.final and f.type.name in ("list", "map")]
    return [
        "", "static void statics_(D d) {", *_indent(show), "}",
        "", "static void clear_() {", *_indent(drop), "}",
    ]  # fmt: skip


def _main(printer: Printer, program: Program) -> Lines:
    walked = [c.name for c in program.classes if c.kind not in ("interface", "record", "exception")]
    body = printer.block(program.main)
    body += ["D d = new D();", *(f'd.{_kind(r.type)}("{r.name}", {r.name});' for r in program.roots)]
    body += [f"{name}.statics_(d);" for name in walked] + ["d.walk();"] + [f"{name}.clear_();" for name in walked]
    return [
        "public final class Main {",
        "    public static void main(String[] args) {",
        "        try {", "            run();", "        } catch (Throwable thrown) {", "            T.frames(thrown);", "        }",
        "        System.out.print(T.all());", "    }",
        "", "    private static void run() {", *_indent(_indent(body)), "    }", "}",
    ]  # fmt: skip


def keeps_roots(program: Program) -> bool:
    """Whether a static that nobody can assign keeps an object for the whole run: then an id table may not become empty."""

    def held(type_: Type) -> bool:
        return type_ not in SIMPLE and (type_.name != "array" or held(type_.args[0])) and type_.name not in ("list", "map")

    return any(f.static and f.final and held(f.type) for c in program.classes for f in c.fields)


