"""One file with Lombok's annotations -> the same file with their members written out, on the lines that it has.

before: @Getter class A { private int x; }
after:  class A { private int x; public int getX() { return this.x; } }
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tree_sitter import Node as TS

from refactor.frontend.java import tree as t
from refactor.frontend.lombok.accessors import getters, setters, withers
from refactor.frontend.lombok.builders import Built, class_builder, defaults, method_builder
from refactor.frontend.lombok.constructors import constructors
from refactor.frontend.lombok.marks import WRITTEN, Mark, Names, classes, marks
from refactor.frontend.lombok.objects import equals_and_hash_code, to_string
from refactor.frontend.lombok.shape import PRIMITIVES, Shape, null_check_of
from refactor.ir.symbols import ClassKind, Flags
from refactor.support.source import Edit

_LOGS = {
    "Slf4j": ("org.slf4j.Logger", "org.slf4j.LoggerFactory.getLogger", ".class"),
    "XSlf4j": ("org.slf4j.ext.XLogger", "org.slf4j.ext.XLoggerFactory.getXLogger", ".class"),
    "Log": ("java.util.logging.Logger", "java.util.logging.Logger.getLogger", ".class.getName()"),
    "Log4j": ("org.apache.log4j.Logger", "org.apache.log4j.Logger.getLogger", ".class"),
    "Log4j2": ("org.apache.logging.log4j.Logger", "org.apache.logging.log4j.LogManager.getLogger", ".class"),
    "CommonsLog": ("org.apache.commons.logging.Log", "org.apache.commons.logging.LogFactory.getLog", ".class"),
    "JBossLog": ("org.jboss.logging.Logger", "org.jboss.logging.Logger.getLogger", ".class"),
}
_SNEAKY = (
    '@java.lang.SuppressWarnings("unchecked") private static <T$ extends java.lang.Throwable> java.lang.RuntimeException '
    "sneakyThrow$(final java.lang.Throwable t) throws T$ { throw (T$) t; }"
)
_ACCESS = Flags.PUBLIC | Flags.PROTECTED | Flags.PRIVATE
_UNREAD_ELEMENTS = {
    "Getter": ("lazy",), "Accessors": ("prefix", "makeFinal"), "EqualsAndHashCode": ("cacheStrategy", "onParam"),
    "ToString.Include": ("rank",), "EqualsAndHashCode.Include": ("rank", "replaces"),
}  # fmt: skip


@dataclass(slots=True)
class Expansion:
    """The edits of one file, and what cannot be written out: (start, end, what)."""

    path: str
    data: bytes
    edits: list[Edit] = field(default_factory=list)
    unread: list[tuple[int, int, str]] = field(default_factory=list)

    def put(self, at: int, text: str) -> None:
        self.edits.append(Edit(self.path, at, at, text, "lombok"))

    def drop(self, start: int, end: int) -> None:
        """Remove text, but for its ends of lines."""
        lines = self.data[start:end].count(b"\n")
        self.edits.append(Edit(self.path, start, end, "\n" * lines, "lombok"))


def expand(
    path: str, unit: t.Unit, tree: TS, data: bytes, settings: Mapping[str, str], version: tuple[int, ...]
) -> Expansion | None:
    """The edits for one file; None where it names nothing of Lombok.

    `tree`: tree-sitter's root; `settings`: of lombok.config; `version`: of the library.
    """
    names = Names(unit)
    if not names and b"lombok." not in data:
        return None
    out = Expansion(path, data)
    imports = {i.name.rpartition(".")[2]: i.name for i in unit.imports if not i.static and not i.demand}
    for decl, outer in classes(unit):
        _class(Shape(decl, outer, data, names, imports, dict(settings), version), out)
    handled = {e.start for e in out.edits} | {start for start, _, _ in out.unread}
    for node in _annotations(tree):
        name = node.child_by_field_name("name")
        known = names.of(data[name.start_byte : name.end_byte].decode()) if name is not None else None
        if known is not None and node.start_byte not in handled:
            out.unread.append((node.start_byte, node.end_byte, f"@{known} at this place"))
    for imported in unit.imports:
        if imported.name.startswith("lombok") and (imported.name + ".").startswith("lombok."):
            out.drop(imported.start, imported.end)
    return out


def _annotations(tree: TS) -> Iterator[TS]:
    stack = [tree]
    while stack:
        node = stack.pop()
        if node.type in ("annotation", "marker_annotation"):
            yield node
        stack.extend(node.children)


def _class(shape: Shape, out: Expansion) -> None:
    decl = shape.decl
    for mark in shape.marks:
        _told(mark, out)
    if shape.mark("SuperBuilder", "StandardException", "Delegate") is not None:
        return
    top: list[str] = list(_logs(shape))
    made: list[str] = []
    inside: list[tuple[t.ClassDecl, str]] = []
    _modifiers(shape, out)
    for member in decl.members:
        if isinstance(member, (t.FieldDecl, t.MethodDecl)):
            for mark in marks(shape.names, shape.data, member.annotations):
                _told(mark, out)
        if isinstance(member, t.MethodDecl):
            made += _method(shape, member, out, inside)
    record = decl.kind is ClassKind.RECORD
    for component in decl.components:
        for mark in marks(shape.names, shape.data, component.annotations):
            out.unread.append((mark.node.start, mark.node.end, f"@{mark.name} on a component of a record"))
    made += defaults(shape)
    if not record:
        made += [*constructors(shape), *getters(shape), *setters(shape), *equals_and_hash_code(shape), *to_string(shape)]
    made += withers(shape)
    builder = shape.mark("Builder")
    if builder is not None:
        if any(f.mark("Singular") is not None for f in shape.fields):
            pass  # told where it stands
        else:
            built = class_builder(shape, builder)
            made += built.outside
            inside += built.inside
    if shape.mark("UtilityClass") is not None:
        text = "This is a utility class and cannot be instantiated"
        made.append(f'private {shape.name}() {{ throw new java.lang.UnsupportedOperationException("{text}"); }}')
    methods = [m for m in decl.members if isinstance(m, t.MethodDecl)]
    if any(mark.name == "SneakyThrows" for m in methods for mark in marks(shape.names, shape.data, m.annotations)):
        made.append(_SNEAKY)
    _place(shape, top, made, out)
    for written, text in inside:
        out.put(written.body_end - 1, " " + text + " ")


def _place(shape: Shape, top: list[str], made: list[str], out: Expansion) -> None:
    """Loggers first, because initialisers may use them; everything else before the closing brace."""
    decl = shape.decl
    start = decl.body_start + 1
    constants = [m for m in decl.members if isinstance(m, t.EnumConst)]
    opened = ""
    if shape.is_enum and (top or made):
        at = constants[-1].end if constants else start
        rest = re.compile(rb"(?:\s|/\*.*?\*/|//[^\n]*|,)*", re.DOTALL).match(shape.data, at)
        start = rest.end() if rest is not None else at
        if shape.data[start : start + 1] == b";":
            start += 1
        else:
            opened = "; "
    if top:
        out.put(start, opened + " " + " ".join(top) + " ")
        opened = ""
    if made:
        out.put(decl.body_end - 1, " " + opened + " ".join(made) + " ")


def _told(mark: Mark, out: Expansion) -> None:
    """Remove an annotation that is written out; tell of one that is not."""
    if mark.name not in WRITTEN:
        out.unread.append((mark.node.start, mark.node.end, f"@{mark.name}"))
        return
    unread = [e for e in _UNREAD_ELEMENTS.get(mark.name, ()) if e in mark.values]
    if unread:
        out.unread.append((mark.node.start, mark.node.end, f"{unread[0]} of @{mark.name}"))
        return
    out.drop(mark.node.start, mark.node.end)


def _modifiers(shape: Shape, out: Expansion) -> None:
    """The modifiers that @Value, @FieldDefaults and @UtilityClass give a class and its members."""
    decl = shape.decl
    value, defaults_, utility = shape.mark("Value"), shape.mark("FieldDefaults"), shape.mark("UtilityClass")
    if (value or utility) and not decl.flags & (Flags.FINAL | Flags.ABSTRACT) and not any(m.name == "NonFinal" for m in shape.marks):
        out.put(shape.data.rindex(b"class", decl.start, decl.name_start), "final ")
    for member in decl.members:
        if utility and isinstance(member, (t.MethodDecl, t.ClassDecl)) and not member.flags & Flags.STATIC:
            at = member.result.start if isinstance(member, t.MethodDecl) and member.result is not None else None
            if isinstance(member, t.ClassDecl) and member.kind is ClassKind.CLASS:
                at = shape.data.rindex(b"class", member.start, member.name_start)
            if at is not None:
                out.put(at, "static ")
        if not isinstance(member, t.FieldDecl):
            continue
        words = ""
        own = {m.name for m in marks(shape.names, shape.data, member.annotations)}
        if utility and not member.flags & Flags.STATIC:
            words = "static "
        if not member.flags & Flags.STATIC and (value or defaults_):
            level = "private " if value else defaults_.access("level") if defaults_ and "level" in defaults_.values else ""
            if not member.flags & _ACCESS and "PackagePrivate" not in own and level != "none":
                words += level
            final = value is not None or (defaults_ is not None and defaults_.flag("makeFinal"))
            if final and not member.flags & Flags.FINAL and "NonFinal" not in own:
                words += "final "
        if words:
            out.put(member.of.start, words)
        if "Builder.Default" in own and shape.mark("Builder") is not None:
            for var in member.vars:
                if var.init is not None:
                    out.drop(var.name_start + len(var.name.encode()), var.init.end)


def _logs(shape: Shape) -> Iterator[str]:
    name = shape.setting("lombok.log.fieldname", "log")
    for mark in shape.marks:
        known = _LOGS.get(mark.name)
        if known is None or any(f.name == name for f in shape.fields):
            continue
        kind, factory, suffix = known
        path = ".".join(d.name for d in (*shape.outer, shape.decl))
        static = "" if shape.setting("lombok.log.fieldisstatic") == "false" else "static "
        topic = mark.values.get("topic", "")
        yield f"private {static}final {kind} {name} = {factory}({topic or path + suffix});"


def _method(shape: Shape, method: t.MethodDecl, out: Expansion, inside: list[tuple[t.ClassDecl, str]]) -> Iterator[str]:
    """Checks of parameters, exceptions that are not declared, a builder for the method."""
    own = marks(shape.names, shape.data, method.annotations)
    body = method.body
    first = ""
    for parameter in method.params:
        for mark in marks(shape.names, shape.data, parameter.annotations):
            _told(mark, out)
            if mark.name == "NonNull" and body is not None and shape.type(parameter.of) not in PRIMITIVES:
                first += "" if _checks(shape, body, parameter.name) else null_check_of(shape, parameter.name)
    if body is not None:
        at = body.start + 1
        statements = body.body
        if statements and method.name == "<init>" and isinstance(statements[0], t.ExprStmt) and isinstance(statements[0].expr, t.CtorCall):
            at = statements[0].end
        sneaky = next((m for m in own if m.name == "SneakyThrows"), None)
        end = ""
        if sneaky is not None:
            first = "try { " + first
            again = f"throw {shape.name}.<java.lang.RuntimeException>sneakyThrow$($ex);"
            for kind in sneaky.lists.get("value", ("java.lang.Throwable.class",)):
                end += f" }} catch (final {kind.removesuffix('.class')} $ex) {{ {again}"
        if first:
            out.put(at, " " + first)
        if end:
            out.put(body.end - 1, end + " } ")
    for mark in own:
        if mark.name == "Builder":
            if method.name != "<init>" and not method.flags & Flags.STATIC:
                out.unread.append((mark.node.start, mark.node.end, "@Builder on a method of objects"))
                continue
            built: Built = method_builder(shape, method, mark)
            inside += built.inside
            yield from built.outside


def _checks(shape: Shape, body: t.Block, name: str) -> bool:
    """Whether the code itself looks for null first: then Lombok leaves it to it."""
    text = shape.data[body.start : body.end].decode()
    quoted = re.escape(name)
    return bool(re.search(rf"if\s*\(\s*{quoted}\s*==\s*null\s*\)|(?:requireNonNull|checkNotNull)\s*\(\s*{quoted}\s*[,)]", text))
