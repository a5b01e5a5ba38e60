"""Members of a proxy class: constructors that create remotely, methods that forward, accessors of fields."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from refactor.codegen.names import cell, getter, setter
from refactor.codegen.spring.imports import RuntimeNames
from refactor.codegen.spring.javatypes import render, render_params, substitute
from refactor.codegen.spring.literals import literal
from refactor.codegen.spring.members import Inherited, accessor_name, is_callable
from refactor.codegen.spring.proxycalls import BOXES, Calls, argument_list, cast
from refactor.codegen.spring.shown import called_by_container, of_inherited, of_method
from refactor.codegen.spring.supers import SuperCall
from refactor.codegen.spring.syntax import Source, annotation_names, child, modifiers
from refactor.codegen.spring.world import World
from refactor.ir.symbols import ClassKind, ClassSymbol, FieldSymbol, Flags, MethodSymbol
from refactor.ir.types import VOID, ClassType, PrimitiveType, Type
from refactor.isolate.plan import EndpointKind

_DROPPED = frozenset({"synchronized", "native", "strictfp", "abstract", "default", "transient", "volatile"})
_KEPT_ANNOTATIONS = frozenset({"Deprecated", "SafeVarargs", "FunctionalInterface"})


@dataclass(frozen=True, slots=True, eq=False)
class MemberWriter:
    """Writes the members of one class. `root`: the topmost proxy of its hierarchy, the one that holds the reference."""

    world: World
    part: str
    cls: ClassSymbol
    source: Source
    calls: Calls
    names: RuntimeNames
    root: bool
    super_call: SuperCall | None

    @property
    def abstract(self) -> bool:
        return bool(self.cls.flags & Flags.ABSTRACT)

    def token(self) -> list[str]:
        """The field and the constructor that hold the reference."""
        cls, ref = self.cls, self.names("Ref")
        access = "" if cls.flags & Flags.FINAL else "protected "
        throws = f" throws {', '.join(self.super_call.throws)}" if self.super_call and self.super_call.throws else ""
        head = f"{access}{cls.simple_name}({ref} ref${', byte token$' if is_marked(cls) else ''}){throws} {{"
        if not self.root:
            return [head, f"    super(ref${self._mark()});", "}", ""]
        call = [f"    super({self.super_call.arguments});"] if self.super_call and self.super_call.arguments else []
        return [
            f"private final {ref} ref$;",
            "",
            head,
            *call,
            "    this.ref$ = ref$.bind(this);",
            "}",
            "",
            "@Override",
            f"public {ref} ref$() {{",
            "    return ref$;",
            "}",
            "",
        ]

    def constructor(self, node: Node, method: MethodSymbol) -> list[str]:
        """before: Order(Customer c) { this.c = c; audit(); }   after: Order(Customer c) { this(Remote.create(Endpoints$.NEW, c)); }"""
        if self.abstract or not is_callable(self.world, method):
            return []
        compact = node.type == "compact_constructor_declaration"
        parameters = child(node, "formal_parameters") if not compact else None
        if compact:
            header = self._record_parameters()
            names = [p.name for p in self.cls.record_components]
        else:
            header = self.source.plain(parameters) if parameters else "()"
            names = [p.name for p in method.params]
        generics = child(node, "type_parameters")
        throws = child(node, "throws")
        words = [*self._modifiers(node), *([self.source.plain(generics)] if generics else [])]
        head = " ".join([*words, f"{self.cls.simple_name}{header}", *([self.source.plain(throws)] if throws else [])])
        return [*self._annotations(node), *called_by_container(self.world, self.cls, method), *self._creates(head, method, names)]

    def implicit_constructor(self, method: MethodSymbol) -> list[str]:
        """The default constructor that the source leaves out, or a record's canonical one."""
        if self.abstract or not is_callable(self.world, method):
            return []
        access = next((w for w, f in _ACCESS if self.cls.flags & f), "")
        names = [p.name for p in self.cls.record_components] if self.cls.kind is ClassKind.RECORD else []
        header = self._record_parameters() if names else "()"
        return self._creates(f"{access}{self.cls.simple_name}{header}", method, names)

    def _record_parameters(self) -> str:
        node = self.source.declared[self._name_start()].child_by_field_name("parameters")
        return self.source.plain(node) if node is not None else "()"

    def _name_start(self) -> int:
        assert self.cls.name_span is not None
        return self.cls.name_span.start

    def _creates(self, head: str, method: MethodSymbol, names: list[str]) -> list[str]:
        inner = self._is_inner()
        arguments = argument_list(names, [p.type for p in method.params], remote=self.names('Remote'), alone=not inner)
        if inner:
            assert self.cls.outer is not None
            arguments = [f"{self.world.program.classes[self.cls.outer].simple_name}.this", *arguments]
        target = self.calls.create(self.cls, method.key, arguments)
        return [f"{head} {{", f"    {'this' if self.root else 'super'}({target}{self._mark()});", "}", ""]

    def _mark(self) -> str:
        """What follows the reference in a call of the token constructor: this class's own in a root, else the superclass's."""
        above = None if self.root or self.cls.superclass is None else self.world.program.classes.get(self.cls.superclass.name)
        return ", (byte) 0" if is_marked(above or self.cls) else ""

    def _is_inner(self) -> bool:
        return is_inner(self.world, self.cls)

    def method(self, node: Node, method: MethodSymbol) -> list[str]:
        """before: synchronized Money total() { ... }   after: Money total() { return (Money) Remote.call(Endpoints$.TOTAL, this); }"""
        if not is_callable(self.world, method):
            return []
        source = self.source
        result_node, parameters = node.child_by_field_name("type"), child(node, "formal_parameters")
        assert result_node is not None
        assert parameters is not None
        dimensions = node.child_by_field_name("dimensions")
        result = source.plain(result_node) + (source.plain(dimensions) if dimensions else "")
        generics, throws = child(node, "type_parameters"), child(node, "throws")
        words = [*self._modifiers(node), *([source.plain(generics)] if generics else []), result]
        head = " ".join([*words, method.name + source.plain(parameters), *([source.plain(throws)] if throws else [])])
        return [*self._annotations(node), *of_method(self.world, self.cls, method), *self._forwards(head, method, result)]

    def _call_self(self, endpoint_class: str, operation: str, arguments: list[str]) -> str:
        """A call on `this`. An enum constant has no reference: it travels by name, as the first argument."""
        if self.cls.kind is ClassKind.ENUM:
            return self.calls.static(self.world.program.classes[endpoint_class], operation, ["this", *arguments])
        return self.calls.method(endpoint_class, operation, arguments)

    def implicit_method(self, method: MethodSymbol) -> list[str]:
        """An accessor of a record component that the source leaves out, or a record's own equals, hashCode and toString."""
        result = render(self.world.program, method.result, self.names.scope)
        shown = ", ".join(f"{render(self.world.program, p.type, self.names.scope)} {p.name}" for p in method.params)
        return self._forwards(f"public {result} {method.name}({shown})", method, result)

    def _forwards(self, head: str, method: MethodSymbol, result: str) -> list[str]:
        endpoint, operation = self.calls.operation(self.cls.name, method.key)
        is_static = bool(method.flags & Flags.STATIC)
        names = [p.name for p in method.params]
        arguments = argument_list(names, [p.type for p in method.params], remote=self.names('Remote'))
        call = self.calls.static(self.cls, operation, arguments) if is_static else self._call_self(endpoint, operation, arguments)
        return [f"{head} {{", f"    {call};" if method.result == VOID else f"    return {cast(result)}{call};", "}", ""]

    def inherited(self, item: Inherited) -> list[str]:
        """Overrides a method of a superclass or interface whose code this proxy would otherwise run here."""
        program, scope, method = self.world.program, self.names.scope, item.method
        result = render(program, substitute(method.result, item.bindings), scope)
        types = [render(program, substitute(p.type, item.bindings), scope) for p in method.params]
        if method.flags & Flags.VARARGS and types[-1].endswith("[]"):
            types[-1] = types[-1][:-2] + "..."
        names = [f"p{i}" for i in range(len(types))]
        throws = [render(program, substitute(t, item.bindings), scope) for t in method.throws]
        access = "public " if method.flags & Flags.PUBLIC else "protected " if method.flags & Flags.PROTECTED else ""
        generics = render_params(program, method.type_params, item.bindings, scope)
        shown = ", ".join(f"{t} {n}" for t, n in zip(types, names, strict=True))
        suffix = f" throws {', '.join(throws)}" if throws else ""
        head = f"{access}{generics + ' ' if generics else ''}{result} {method.name}({shown}){suffix}"
        endpoint, operation = self.calls.operation(item.endpoint_class, method.key)
        call = self._call_self(endpoint, operation, argument_list(names, [p.type for p in method.params], remote=self.names('Remote')))
        void = method.result == VOID
        guard = []
        if item.guarded and self.root and self.cls.kind is ClassKind.CLASS:
            own = f"super.{method.name}({', '.join(names)});"
            guard = ["    if (ref$ == null) {", *([f"        {own}", "        return;"] if void else [f"        return {own}"]), "    }"]
        marks = of_inherited(self.world, method)
        return ["@Override", *marks, f"{head} {{", *guard, f"    {call};" if void else f"    return {cast(result)}{call};", "}", ""]

    def field(self, node: Node, declarator: Node, field: FieldSymbol) -> list[str]:
        """Constants stay, other static finals are fetched once, and fields that tests access are declared."""
        type_ = self._field_type(node, declarator)
        words = [w for w in modifiers(self.source, node) if w not in _DROPPED]
        if field.flags & Flags.FINAL and field.constant is not None:
            return [" ".join([*words, type_, field.name, "=", literal(field) + ";"]), ""]
        if field.flags & Flags.PRIVATE:
            return []
        endpoints = self.world.fields.get(field.key, ())
        if field.flags & Flags.STATIC and field.flags & Flags.FINAL:
            if not any(self.part in e.used_by for e in endpoints if e.kind is EndpointKind.STATIC_GET):
                return []
            fetched = self.calls.static(self.cls, getter(accessor_name(self.world, field)))
            return [" ".join([*words, type_, field.name, "=", f"{cast(type_)}{fetched};"]), ""]
        if (self.part, field.key) not in self.world.woven:
            return []
        # Only for the compiler: the runtime's agent turns every access of a test class into a call of the accessor.
        return [" ".join([*(w for w in words if w != "final"), type_, field.name + ";"]), ""]

    def field_accessors(self, node: Node, declarator: Node, field: FieldSymbol) -> list[str]:
        """What stands for a field that other parts touch; nothing for constants and for static finals, which the proxy has itself."""
        constant = field.flags & Flags.FINAL and (field.constant is not None or field.flags & Flags.STATIC)
        if constant or field.flags & Flags.PRIVATE or not self.world.fields.get(field.key):
            return []
        words = [w for w in modifiers(self.source, node) if w not in _DROPPED and w != "final"]
        return self.accessors(words, self._field_type(node, declarator), field)

    def _field_type(self, node: Node, declarator: Node) -> str:
        type_node = node.child_by_field_name("type")
        assert type_node is not None
        dimensions = declarator.child_by_field_name("dimensions")
        return self.source.plain(type_node) + (self.source.plain(dimensions) if dimensions else "")

    def accessors(self, words: list[str], type_: str, field: FieldSymbol) -> list[str]:
        """`get$f()` and `set$f(v)`; the setter answers v, as an assignment does."""
        called = accessor_name(self.world, field)
        get, set_ = getter(called), setter(called)
        is_static = bool(field.flags & Flags.STATIC)

        def call(operation: str, arguments: list[str]) -> str:
            if is_static:
                return self.calls.static(self.cls, operation, arguments)
            return self._call_self(self.cls.name, operation, arguments)

        prefix = "".join(f"{w} " for w in words)
        lines = [f"{prefix}{type_} {get}() {{", f"    return {cast(type_)}{call(get, [])};", "}", ""]
        if any(e.kind in (EndpointKind.SET, EndpointKind.STATIC_SET) for e in self.world.fields.get(field.key, ())):
            value = argument_list(["value"], [field.type], remote=self.names('Remote'))
            lines += [f"{prefix}{type_} {set_}({type_} value) {{", f"    {call(set_, value)};", "    return value;", "}", ""]
            lines += self._cell(prefix, type_, field)
        return lines

    def _cell(self, prefix: str, type_: str, field: FieldSymbol) -> list[str]:
        """`cell$f()`: the field as a variable, for compound assignment and increment."""
        kind = self.names(cell_class(field.type))
        shown, diamond = (f"{kind}<{type_}>", f"{kind}<>") if kind.endswith("ObjectCell") else (kind, kind)
        called = accessor_name(self.world, field)
        target = self.cls.simple_name if field.flags & Flags.STATIC else "this"
        made = f"new {diamond}({target}::{getter(called)}, {target}::{setter(called)})"
        return [f"{prefix}{shown} {cell(called)}() {{", f"    return {made};", "}", ""]

    def _modifiers(self, node: Node) -> list[str]:
        return [w for w in modifiers(self.source, node) if w not in _DROPPED]

    def _annotations(self, node: Node) -> list[str]:
        return [f"@{n}" for n in annotation_names(self.source, node) if n.removeprefix("java.lang.") in _KEPT_ANNOTATIONS]


_CELLS = {
    "boolean": "BooleanCell",
    "byte": "ByteCell",
    "char": "CharCell",
    "short": "ShortCell",
    "int": "IntCell",
    "long": "LongCell",
    "float": "FloatCell",
    "double": "DoubleCell",
}
_UNBOXED = {f"java.lang.{box}": primitive for primitive, box in BOXES.items()}


def cell_class(type_: Type) -> str:
    """The runtime's variable for a field's type; a boxed number has that of its primitive, since compound assignment unboxes."""
    if isinstance(type_, PrimitiveType):
        return _CELLS[type_.name]
    return _CELLS[_UNBOXED[type_.name]] if isinstance(type_, ClassType) and type_.name in _UNBOXED else "ObjectCell"


_ACCESS = (("public ", Flags.PUBLIC), ("protected ", Flags.PROTECTED), ("private ", Flags.PRIVATE))


def is_marked(cls: ClassSymbol) -> bool:
    """Whether the token constructor has a second parameter: `new Order(null)` must still mean the only constructor that takes an object."""
    return any(
        m.is_constructor and len(m.params) == 1 and not m.flags & Flags.PRIVATE and not isinstance(m.params[0].type, PrimitiveType)
        for m in cls.methods
    )


def is_inner(world: World, cls: ClassSymbol) -> bool:
    """Whether creating an instance needs an enclosing one."""
    if cls.outer is None or cls.kind is not ClassKind.CLASS or cls.flags & Flags.STATIC:
        return False
    return not world.program.classes[cls.outer].is_interface
