"""Concrete tree -> tree.py: compilation units, classes of every kind and their members."""

from __future__ import annotations

from typing import NamedTuple

from tree_sitter import Node as TS
from tree_sitter import Parser

from refactor.frontend.java import grammar
from refactor.frontend.java import tree as t
from refactor.frontend.java.build_statements import StatementBuilder
from refactor.ir.symbols import ClassKind, Flags

_KINDS = {
    "class_declaration": ClassKind.CLASS,
    "interface_declaration": ClassKind.INTERFACE,
    "enum_declaration": ClassKind.ENUM,
    "record_declaration": ClassKind.RECORD,
    "annotation_type_declaration": ClassKind.ANNOTATION,
}


_THROWS = grammar.kind("throws")


class Waiting(NamedTuple):
    """A body that is not built yet: its empty block, its concrete tree, the class that it stands in and where to list its uses."""

    block: t.Block
    tree: TS
    owner: t.ClassDecl
    uses: list[t.Expr]


class UnitBuilder(StatementBuilder):
    """Builds whole files, any number of them. `numbered`: members and classes that hold local or anonymous classes."""

    def __init__(self) -> None:
        super().__init__()
        self.parser = Parser(grammar.LANGUAGE)
        self.waiting: list[Waiting] | None = None
        self.owner: t.ClassDecl | None = None

    def unit(self, data: bytes, n: TS, waiting: list[Waiting] | None = None) -> t.Unit:
        """The tree of a file with the bytes `data` whose concrete tree has no error. May be asked again, for other files.

        With a list, the bodies of methods and initialisers are left empty and added to it, for `bodies` to build.
        """
        self.data, self.local_classes, self.waiting = data, 0, waiting
        unit = t.Unit(n.start_byte, n.end_byte)
        self.uses = unit.uses
        for kid in self.kids(n):
            kind = kid.type
            if kind in _KINDS:
                unit.types.append(self.class_decl(kid))
            elif kind == "import_declaration":
                unit.imports.append(self._import(kid))
            elif kind == "package_declaration":
                parts = self.kids(kid)
                unit.package = "".join(self.text(parts[-1]).split())
                unit.package_annotations = [self.annotation(c) for c in parts[:-1]]
        self.waiting = None
        return unit

    def bodies(self, data: bytes, waiting: list[Waiting]) -> list[tuple[t.Block, str]]:
        """Build what was left out, in any process; the list is empty then. Returns the bodies that cannot be read, with the defect:
        they hold one statement that nobody understands."""
        self.data, self.waiting = data, None
        failed: list[tuple[t.Block, str]] = []
        inside: dict[int, tuple[t.ClassDecl, set[int]]] = {}
        for block, tree, owner, uses in waiting:
            before, known = self.local_classes, len(uses)
            self.uses = uses
            try:
                block.body = self.body(tree.named_children)
            except Exception as error:  # a shape of tree that the builders do not expect costs this body, not the run
                del uses[known:]
                what = f"{type(error).__name__}: {error}"
                block.body = [t.BadStmt(block.start, block.end, what)]
                failed.append((block, what))
                continue
            if self.local_classes != before:
                inside.setdefault(id(owner), (owner, set()))[1].add(id(block))
        for owner, blocks in inside.values():
            known_members = {id(member) for member in owner.numbered}
            owner.numbered = [m for m in owner.members if id(m) in known_members or id(getattr(m, "body", None)) in blocks]
        waiting.clear()
        return failed

    def code(self, n: TS) -> t.Block:
        """The block of a method or an initialiser."""
        if self.waiting is None or self.owner is None:
            return self.block(n)
        block = t.Block(n.start_byte, n.end_byte, [])
        self.waiting.append(Waiting(block, n, self.owner, self.uses))
        return block

    def _import(self, n: TS) -> t.Import:
        static = demand = False
        name: TS | None = None
        for kid in n.children:
            if kid.type == "static":
                static = True
            elif kid.type == "asterisk":
                demand = True
            elif kid.is_named and not kid.is_extra:
                name = kid
        assert name is not None
        start, end, data = name.start_byte, name.end_byte, self.data
        text = data[start:end].decode()
        if text.replace(".", "").isidentifier():  # no blanks or comments inside: nearly always
            start = max(start, data.rfind(b".", start, end) + 1)
            return t.Import(n.start_byte, n.end_byte, text, start, static, demand)
        parts = self.parts(name)
        return t.Import(n.start_byte, n.end_byte, ".".join(p.name for p in parts), parts[-1].start, static, demand)

    def class_decl(self, n: TS) -> t.ClassDecl:
        name, body = n.child_by_field_name("name"), n.child_by_field_name("body")
        assert name is not None
        assert body is not None
        decl = t.ClassDecl(n.start_byte, n.end_byte, _KINDS[n.type], self.text(name), name.start_byte, name.end_byte)
        outside, self.uses = self.uses, decl.uses
        decl.flags, decl.annotations = self.own_modifiers(n)
        decl.tparams = self.tparams(n.child_by_field_name("type_parameters"))
        superclass = n.child_by_field_name("superclass")
        if superclass is not None:
            decl.superclass = self.type(self.kids(superclass)[0])
        for kid in self.kids(n):
            if kid.type in ("super_interfaces", "extends_interfaces"):
                decl.interfaces = [self.type(c) for c in self.kids(self.kids(kid)[0])]
            elif kid.type == "permits":
                decl.permits = [self.type(c) for c in self.kids(self.kids(kid)[0])]
        if decl.kind is ClassKind.RECORD:
            parameters = n.child_by_field_name("parameters")
            decl.components = self.params(parameters) if parameters is not None else []
        self.class_body(decl, body)
        self.uses = outside
        return decl

    def class_body(self, decl: t.ClassDecl, n: TS) -> None:
        decl.body_start, decl.body_end = n.start_byte, n.end_byte
        outside, self.uses = self.uses, decl.uses
        outer, self.owner = self.owner, decl
        for kid in self.kids(n):
            for member in self.kids(kid) if kid.type == "enum_body_declarations" else (kid,):
                before = self.local_classes
                built = self._member(member)
                decl.members.extend(built)
                if self.local_classes != before:
                    decl.numbered.extend(built)
        self.uses, self.owner = outside, outer

    def _member(self, n: TS) -> list[t.Node]:
        kind = n.type
        if kind == "field_declaration" or kind == "constant_declaration":
            of = n.child_by_field_name("type")
            assert of is not None
            flags, annotations = self.own_modifiers(n)
            return [t.FieldDecl(n.start_byte, n.end_byte, flags, annotations, self.type(of), self.declarators(n))]
        if kind == "method_declaration" or kind == "annotation_type_element_declaration":
            return [self._method(n)]
        if kind == "constructor_declaration" or kind == "compact_constructor_declaration":
            return [self._constructor(n)]
        if kind in _KINDS:
            return [self.class_decl(n)]
        if kind == "enum_constant":
            return [self._enum_constant(n)]
        if kind == "static_initializer":
            return [t.Init(n.start_byte, n.end_byte, True, self.code(self.kids(n)[0]))]
        if kind == "block":
            return [t.Init(n.start_byte, n.end_byte, False, self.code(n))]
        return []

    def _method(self, n: TS) -> t.MethodDecl:
        name, result = n.child_by_field_name("name"), n.child_by_field_name("type")
        assert name is not None
        assert result is not None
        decl = t.MethodDecl(n.start_byte, n.end_byte, self.text(name), name.start_byte, name.end_byte)
        decl.flags, decl.annotations = self.own_modifiers(n)
        decl.tparams = self.tparams(n.child_by_field_name("type_parameters"))
        decl.result = self.array(self.type(result), self.dims(n.child_by_field_name("dimensions")), result.end_byte)
        parameters = n.child_by_field_name("parameters")
        decl.params = self.params(parameters) if parameters is not None else []
        decl.throws = self._throws(n)
        body = n.child_by_field_name("body")
        decl.body = self.code(body) if body is not None else None
        value = n.child_by_field_name("value")
        if value is not None:
            decl.default = self.element_value(value)
        return decl

    def _constructor(self, n: TS) -> t.MethodDecl:
        name, body = n.child_by_field_name("name"), n.child_by_field_name("body")
        assert name is not None
        assert body is not None
        decl = t.MethodDecl(n.start_byte, n.end_byte, "<init>", name.start_byte, name.end_byte)
        decl.flags, decl.annotations = self.own_modifiers(n)
        decl.tparams = self.tparams(n.child_by_field_name("type_parameters"))
        decl.compact = n.type == "compact_constructor_declaration"
        parameters = n.child_by_field_name("parameters")
        decl.params = self.params(parameters) if parameters is not None else []
        decl.throws = self._throws(n)
        decl.body = self.code(body)
        return decl

    def _throws(self, n: TS) -> list[t.TypeNode]:
        for kid in n.named_children:
            if kid.kind_id == _THROWS:
                return [self.type(c) for c in self.kids(kid)]
        return []

    def params(self, n: TS) -> list[t.ParamDecl]:
        found = []
        for kid in self.kids(n):
            if kid.type == "formal_parameter":
                of, name = kid.child_by_field_name("type"), kid.child_by_field_name("name")
                assert of is not None
                flags, annotations = self.own_modifiers(kid)
                dims = self.dims(kid.child_by_field_name("dimensions"))
                text = self.text(name) if name is not None else "_"
                found.append(t.ParamDecl(kid.start_byte, kid.end_byte, flags, annotations, self.type(of), text, dims, False))
            elif kid.type == "spread_parameter":
                flags, annotations = self.own_modifiers(kid)
                kids = [c for c in self.kids(kid) if c.type != "modifiers"]
                name = kids[-1].child_by_field_name("name")
                assert name is not None
                of_array = self.array(self.type(kids[0]), 1, kids[-1].start_byte)
                found.append(t.ParamDecl(kid.start_byte, kid.end_byte, flags, annotations, of_array, self.text(name), 0, True))
        return found

    def _enum_constant(self, n: TS) -> t.EnumConst:
        name = n.child_by_field_name("name")
        assert name is not None
        _, annotations = self.own_modifiers(n)
        arguments, body = n.child_by_field_name("arguments"), n.child_by_field_name("body")
        built: t.ClassDecl | None = None
        if body is not None:
            built = t.ClassDecl(body.start_byte, body.end_byte, ClassKind.CLASS, "", name.start_byte, name.end_byte)
            built.flags = Flags.FINAL
            self.local_classes += 1
            self.class_body(built, body)
        of = t.TName(name.start_byte, name.end_byte, [t.Part(name.start_byte, name.end_byte, self.text(name))])
        args = self.args(arguments) if arguments is not None else []
        new = t.New(n.start_byte, n.end_byte, None, [], of, args, built)
        return t.EnumConst(n.start_byte, n.end_byte, annotations, self.text(name), name.start_byte, new)
