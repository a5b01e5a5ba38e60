"""A proxy's source, derived from the original source of its class.

before (owner):  public class Order extends Base { private int n; public synchronized Money total(int tax) { ... } }
after (others):  public class Order extends Base { protected Order(Ref ref$) { super(ref$); }
                     public Money total(int tax) { return (Money) Remote.call(Endpoints$.TOTAL, this, tax); } }
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from refactor.codegen.names import getter
from refactor.codegen.spring.beans import NOT_IMPLEMENTED, is_repository
from refactor.codegen.spring.imports import RuntimeNames, compilation_unit, header, indent, original_imports, runtime_names
from refactor.codegen.spring.members import accessor_name, inherited_methods, initialiser, is_initialised_at_owner
from refactor.codegen.spring.proxycalls import Calls, argument_list, cast
from refactor.codegen.spring.proxymembers import MemberWriter
from refactor.codegen.spring.shown import of_class
from refactor.codegen.spring.supers import super_call
from refactor.codegen.spring.syntax import TYPE_NODES, Source, annotation_names, child, descend, identifiers, modifiers
from refactor.codegen.spring.world import World
from refactor.ir.symbols import ClassKind, ClassSymbol, FieldSymbol, Flags, MethodSymbol
from refactor.isolate.plan import EndpointKind
from refactor.support.source import Edit, apply_edits

_CELLS = tuple(f"{t}Cell" for t in ("Boolean", "Byte", "Char", "Double", "Float", "Int", "Long", "Object", "Short"))
_RUNTIME = ("Endpoint", "Proxy", "Ref", "Remote", *_CELLS)
_MEMBER_KINDS = frozenset({"method_declaration", "constructor_declaration", "compact_constructor_declaration"})


def proxy_source(world: World, top: str, part: str) -> str:
    """The text of the proxy of the top-level class `top` as `part` needs it. Deterministic."""
    cls = world.program.classes[top]
    source = world.source(cls)
    names = runtime_names(world, cls, source)
    writer = _FileWriter(world, part, cls, source, names, Calls(world, cls, names), edits_in(world, part, cls.file))
    body = "\n".join(writer.class_(cls)) + "\n"
    imports = [*original_imports(world, source, part, body), *names.imports(body, _RUNTIME)]
    first = header("Proxy", cls, f'The class lives in part "{world.owner(top)}": every call goes there.')
    return compilation_unit(first, source.package(), imports, body)


def edits_in(world: World, part: str, file: str) -> tuple[Edit, ...]:
    """The edits of one file's copy in one part."""
    return tuple(e.edit for e in world.plan.edits if e.part == part and e.edit.file == file)


@dataclass(slots=True)
class _FileWriter:
    """Writes one proxy file; `calls` collects its endpoints while the classes are written."""

    world: World
    part: str
    top: ClassSymbol
    source: Source
    names: RuntimeNames
    calls: Calls
    edits: tuple[Edit, ...]

    def class_(self, cls: ClassSymbol) -> list[str]:
        """One class, member classes included; original text where the class travels by copy or by name."""
        if self.world.keeps_text(cls.name) or not self.world.is_proxied(cls.name):
            return self._with_holder(cls, ())
        if cls.is_interface:
            return self._interface(cls)
        node = self._node(cls)
        body = node.child_by_field_name("body")
        assert body is not None
        lines = self._enum_body(cls, body) if cls.kind is ClassKind.ENUM else self._class_body(cls, body)
        if cls.outer is None:
            lines += self.calls.holder()
            annotation = ['@SuppressWarnings({"unchecked", "rawtypes"})']
        else:
            annotation = []
        while lines and not lines[-1]:
            lines.pop()
        return [*self._annotations(node), *of_class(self.world, cls), *annotation, f"{self._header(cls, node)} {{", *indent(lines, 1), "}"]

    def _annotations(self, node: Node) -> list[str]:
        return [f"@{n}" for n in annotation_names(self.source, node) if n in ("Deprecated", "java.lang.Deprecated")]

    def _header(self, cls: ClassSymbol, node: Node) -> str:
        """Modifiers, name, type parameters, extends, implements: the text of the original without annotations."""
        source, text = self.source, self.source.plain
        sealed = is_sealed_in(self.world, cls, self.part)
        dropped = {"strictfp"} | (set() if sealed else {"abstract", "sealed"})
        if not any(is_sealed_in(self.world, p, self.part) for p in self._parents(cls)):
            dropped.add("non-sealed")
        words = [w for w in modifiers(source, node) if w not in dropped]
        keyword = {ClassKind.ENUM: "enum", ClassKind.CLASS: "class", ClassKind.RECORD: "class"}[cls.kind]
        if cls.kind is ClassKind.RECORD:
            words += [w for w in ("static" if cls.outer else "", "final") if w and w not in words]
        generics = node.child_by_field_name("type_parameters")
        head = [*words, keyword, cls.simple_name + (text(generics) if generics else "")]
        superclass = child(node, "superclass")
        interfaces = node.child_by_field_name("interfaces")
        listed = text(interfaces).removeprefix("implements").strip() if interfaces else ""
        if self._is_root(cls) and cls.kind is not ClassKind.ENUM:
            listed = ", ".join(n for n in (listed, self.names("Proxy")) if n)
        permits = child(node, "permits")
        head += [text(superclass)] if superclass else []
        head += [f"implements {listed}"] if listed else []
        head += [text(permits)] if permits and sealed else []
        return " ".join(head)

    def _parents(self, cls: ClassSymbol) -> list[ClassSymbol]:
        names = self.world.hierarchy.direct_supertypes(cls)
        return [p for n in names if (p := self.world.program.classes.get(n)) is not None]

    def _is_root(self, cls: ClassSymbol) -> bool:
        return cls.superclass is None or not self.world.is_proxied(cls.superclass.name)

    def _class_body(self, cls: ClassSymbol, body: Node) -> list[str]:
        """Fields first, then the reference and the constructors that obtain one, then everything else."""
        writer = self._writer(cls)
        fields, methods = self._fields(cls, body, writer), self._methods(cls, body, writer)
        lines = [*fields, *writer.token(), *methods]
        members = self._member_classes(cls, lines)
        return [*self._initialiser(cls), *self._private_constants(cls, body, writer, [*lines, *members]), *lines, *members]

    def _initialiser(self, cls: ClassSymbol) -> list[str]:
        """before: static { Log.add("Order is there"); }   after: static { Remote.callStatic(Endpoints$.INIT); }"""
        if not is_initialised_at_owner(self.world, cls):
            return []
        _, operation = self.calls.operation(cls.name, initialiser(cls).key)
        return ["static {", f"    {self.calls.static(cls, operation)};", "}", ""]

    def _enum_body(self, cls: ClassSymbol, body: Node) -> list[str]:
        """The same constants in the same order, without arguments and bodies: their state is the owner's."""
        constants = [f.name for f in cls.fields if f.enum_constant]
        declarations = child(body, "enum_body_declarations")
        writer = self._writer(cls)
        lines = [*self._fields(cls, declarations, writer), *self._methods(cls, declarations, writer)] if declarations else []
        members = self._member_classes(cls, lines)
        private = self._private_constants(cls, declarations, writer, [*lines, *members]) if declarations else []
        return [", ".join(constants) + ";", "", *self._initialiser(cls), *private, *lines, *members]

    def _writer(self, cls: ClassSymbol) -> MemberWriter:
        root = self._is_root(cls)
        return MemberWriter(
            self.world, self.part, cls, self.source, self.calls, self.names, root, super_call(self.world, cls) if root else None
        )

    def _fields(self, cls: ClassSymbol, body: Node, writer: MemberWriter, *, private: bool = False) -> list[str]:
        """Declarations of the fields that are private, or of those that are not, as far as the proxy has them."""
        return [
            line
            for node, declarator, field in self._declarators(cls, body)
            if bool(field.flags & Flags.PRIVATE) is private
            for line in writer.field(node, declarator, field)
        ]

    def _declarators(self, cls: ClassSymbol, body: Node) -> Iterator[tuple[Node, Node, FieldSymbol]]:
        """(declaration, declarator, field) in source order."""
        fields = {f.name_span.start: f for f in cls.fields if f.name_span is not None}
        for node in body.named_children:
            for declarator in node.children_by_field_name("declarator") if node.type == "field_declaration" else ():
                name = declarator.child_by_field_name("name")
                field = fields.get(name.start_byte) if name is not None else None
                if field is not None:
                    yield node, declarator, field

    def _private_constants(self, cls: ClassSymbol, body: Node, writer: MemberWriter, written: list[str]) -> list[str]:
        """Private compile-time constants that classes with original text use: the others nobody can name any more."""
        words = identifiers("\n".join(written))
        used = {f.name for f in cls.fields if f.name in words}
        lines = [line for line in self._fields(cls, body, writer, private=True) if line]
        return [text for line in lines if line.partition(" =")[0].rpartition(" ")[2] in used for text in (line, "")]

    def _methods(self, cls: ClassSymbol, body: Node, writer: MemberWriter) -> list[str]:
        """Constructors, then methods in source order, then what the source leaves to the compiler or to supertypes."""
        methods = {m.name_span.start: m for m in cls.methods if m.name_span is not None and not m.implicit}
        constructors: list[str] = []
        lines: list[str] = []
        for node in body.named_children:
            name = node.child_by_field_name("name") if node.type in _MEMBER_KINDS else None
            method = methods.get(name.start_byte) if name is not None else None
            if method is not None and not method.is_constructor:
                lines += writer.method(node, method)
            elif method is not None and cls.kind is not ClassKind.ENUM:
                constructors += writer.constructor(node, method)
        for method in cls.methods:
            if method.implicit and method.is_constructor and cls.kind is not ClassKind.ENUM:
                constructors += writer.implicit_constructor(method)
            elif method.implicit and cls.kind is ClassKind.RECORD and not method.is_constructor:
                lines += writer.implicit_method(method)
        for item in inherited_methods(self.world, cls):
            lines += writer.inherited(item)
        for found in self._declarators(cls, body):
            lines += writer.field_accessors(*found)
        return constructors + lines

    def _member_classes(self, cls: ClassSymbol, written: list[str]) -> list[str]:
        """Non-private member classes, and the private ones that what was written names."""
        members = [self.world.program.classes[m] for m in cls.members]
        chosen = {m.name for m in members if not m.flags & Flags.PRIVATE}
        texts = {m.name: self.class_(m) for m in members if m.name in chosen}
        while True:
            words = identifiers("\n".join([*written, *(line for lines in texts.values() for line in lines)]))
            more = [m for m in members if m.name not in texts and m.simple_name in words]
            if not more:
                break
            texts.update({m.name: self.class_(m) for m in more})
        return [line for m in members if m.name in texts for line in (*texts[m.name], "")]

    def _interface(self, cls: ClassSymbol) -> list[str]:
        """An owned interface: the original header and signatures; what has a body is remote, since all its objects are elsewhere.

        before: default int twice(Store store) { return 2 * new Helper().of(store); }
        after:  default int twice(Store store) { return (Integer) Remote.call(Endpoints$.TWICE, (Proxy) this, store); }
        """
        splices = []
        for method in cls.methods:
            if method.body_span is None or method.span is None:
                continue
            if not method.flags & Flags.PRIVATE:
                splices.append((method.body_span.start, method.body_span.end, self._remote_body(cls, method)))
            elif not cls.members:
                splices.append((method.span.start, method.span.end, ""))
        for field in cls.fields:
            if field.constant is None and field.name_span is not None:
                splices.append(self._interface_field(cls, field))
        # A framework that implements such interfaces where it finds them must not do so here.
        mark = [f"@{NOT_IMPLEMENTED}"] if is_repository(self.world, cls) else []
        return [*mark, *self._with_holder(cls, tuple(splices))]

    def _with_holder(self, cls: ClassSymbol, splices: tuple[tuple[int, int, str], ...]) -> list[str]:
        """A class as written, and where it is the file's own, the endpoints that it and its member classes call."""
        lines = self._original(cls, splices)  # first, for the endpoints of member classes
        holder = self.calls.holder(inside_interface=cls.is_interface) if cls.outer is None else []
        body = self._node(cls).child_by_field_name("body")
        if not holder or body is None:
            return lines
        at = body.end_byte - 1
        return self._original(cls, (*splices, (at, at, "\n".join(["", *indent(holder, 1), ""]))))

    def _remote_body(self, cls: ClassSymbol, method: MethodSymbol) -> str:
        node = self.source.declared[method.name_span.start]  # type: ignore[union-attr]
        result = self.source.plain(node.child_by_field_name("type"))  # type: ignore[arg-type]
        _, operation = self.calls.operation(cls.name, method.key)
        arguments = argument_list([p.name for p in method.params], [p.type for p in method.params], remote=self.names("Remote"))
        if method.flags & Flags.STATIC:
            call = self.calls.static(cls, operation, arguments)
        else:
            call = self.calls.method(cls.name, operation, arguments, receiver=f"({self.names('Proxy')}) this")
        return f"{{ {call}; }}" if result == "void" else f"{{ return {cast(result)}{call}; }}"

    def _interface_field(self, cls: ClassSymbol, field: FieldSymbol) -> tuple[int, int, str]:
        declarator = self.source.declared[field.name_span.start]  # type: ignore[union-attr]
        value = declarator.child_by_field_name("value")
        type_ = self.source.plain(declarator.parent.child_by_field_name("type"))  # type: ignore[union-attr, arg-type]
        assert value is not None
        used = any(self.part in e.used_by for e in self.world.fields.get(field.key, ()) if e.kind is EndpointKind.STATIC_GET)
        operation = getter(accessor_name(self.world, field))
        return value.start_byte, value.end_byte, f"{cast(type_)}{self.calls.static(cls, operation)}" if used else "null"

    def _original(self, cls: ClassSymbol, splices: tuple[tuple[int, int, str], ...] = ()) -> list[str]:
        """The class as written, with this part's edits, its proxied member classes replaced by proxies."""
        node = self._node(cls)
        replaced = [Edit(cls.file, start, end, text) for start, end, text in splices]
        for inner in descend(node):
            if inner.type in TYPE_NODES and inner.start_byte > node.start_byte:
                name = inner.child_by_field_name("name")
                member = self._member_at(cls, name.start_byte) if name is not None else None
                if member is not None and self.world.is_proxied(member.name) and not self._covered(inner, replaced):
                    text = "\n".join(self.class_(member)).replace("\n", "\n" + " " * inner.start_point[1])
                    replaced.append(Edit(cls.file, inner.start_byte, inner.end_byte, text))
        generated = list(replaced)
        for edit in self.edits:
            inside = node.start_byte <= edit.start and edit.end <= node.end_byte
            if inside and not any(r.start <= edit.start and edit.end <= r.end for r in generated):
                replaced.append(edit)
        shift = node.start_byte
        local = [Edit(e.file, e.start - shift, e.end - shift, e.text, e.reason) for e in replaced]
        text = apply_edits(self.source.data[node.start_byte : node.end_byte], local).decode(self.source.encoding)
        return _undented(text, node.start_point[1], self.source)

    def _covered(self, node: Node, edits: list[Edit]) -> bool:
        return any(e.start <= node.start_byte and node.end_byte <= e.end for e in edits)

    def _member_at(self, cls: ClassSymbol, start: int) -> ClassSymbol | None:
        for member in self.world.members_of(cls.top):
            if member.name_span is not None and member.name_span.start == start:
                return member
        return None

    def _node(self, cls: ClassSymbol) -> Node:
        assert cls.name_span is not None
        return self.source.declared[cls.name_span.start]


def _undented(text: str, column: int, source: Source) -> list[str]:
    """Lines without the indentation of the first one, as far as every line has it (text blocks stay what they are)."""
    first, *rest = text.split("\n")
    prefix = " " * column
    even = all(line.startswith(prefix) or not line.strip() for line in rest)
    return [first, *((line[column:] if even else line).rstrip("\r") for line in rest)]


def is_sealed_in(world: World, cls: ClassSymbol, part: str) -> bool:
    """Whether a sealed class stays sealed in a part: every permitted class is there, and none of them is dropped as private."""
    if not cls.flags & Flags.SEALED:
        return False
    if not world.is_proxied(cls.name):
        return True
    present = world.present(part)
    permitted = [world.program.classes.get(n) for n in cls.permits]
    return bool(permitted) and all(p is not None and p.top in present and not p.flags & Flags.PRIVATE for p in permitted)
