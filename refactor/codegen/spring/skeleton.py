"""A skeleton: the owner's side of one file's classes, which runs what the proxies of other parts ask for.

before: class Order { Order(Customer c) ...; Money total(int tax) ...; int count; }
after:  e.constructor("shop.Order", "new", a -> new Order((Customer) a[0]));
        e.method("shop.Order", "total", (self, a) -> ((Order) self).total((int) a[0]));
        e.method("shop.Order", "get$count", (self, a) -> ((Order) self).count);
"""

from __future__ import annotations

from dataclasses import dataclass, field

from refactor.codegen.names import fresh
from refactor.codegen.spring.imports import RuntimeNames, compilation_unit, header, indent, package_names
from refactor.codegen.spring.javatypes import render, render_erased, render_params, substitute
from refactor.codegen.spring.members import INITIALISE, Operation, operations
from refactor.codegen.spring.proxymembers import is_inner
from refactor.codegen.spring.world import World
from refactor.ir.symbols import ClassKind, ClassSymbol, Flags, MethodSymbol, TypeParam
from refactor.ir.types import OBJECT, VOID, Type, erase
from refactor.isolate.plan import EndpointKind


def skeleton_name(world: World, top: str) -> str:
    """The binary name of a class's skeleton: `shop.OrderSkeleton`, with a number where the application has that name."""
    name, number = f"{top}Skeleton", 1
    while name in world.program.classes:
        number += 1
        name = f"{top}Skeleton_{number}"
    return name


def needs_skeleton(world: World, top: str, part: str) -> bool:
    """Whether `part` serves anything of the class: what it owns, and its copies of interfaces and abstract classes."""
    return any(True for cls in served_classes(world, top, part) for _ in operations_served(world, cls, part))


def served_classes(world: World, top: str, part: str) -> tuple[ClassSymbol, ...]:
    """The classes of one file whose instances other parts may hold by reference, in source order."""
    owned = world.owner(top) == part
    found = []
    for cls in _reachable(world, world.program.classes[top]):
        by_reference = cls.is_interface or (not owned and _is_base(world, cls)) or (owned and world.is_proxied(cls.name))
        if by_reference and cls.kind is not ClassKind.ANNOTATION:
            found.append(cls)
    return tuple(found)


def _is_base(world: World, cls: ClassSymbol) -> bool:
    """Whether objects of classes below a copied class may be asked for what it declares."""
    below = (n for n in world.hierarchy.subtypes(cls.name) if n != cls.name and n in world.program.classes)
    return bool(cls.flags & Flags.ABSTRACT) or (cls.kind is ClassKind.CLASS and any(world.is_proxied(n) for n in below))


def _reachable(world: World, cls: ClassSymbol) -> list[ClassSymbol]:
    """A class and its member classes that are not private: nobody outside can name the private ones."""
    found = [cls]
    for name in cls.members:
        member = world.program.classes[name]
        if not member.flags & Flags.PRIVATE:
            found += _reachable(world, member)
    return found


def operations_served(world: World, cls: ClassSymbol, part: str) -> tuple[Operation, ...]:
    """What `part` registers for a class: everything of an owned one, only the instance methods of a copy."""
    if world.owner(cls.name) == part and world.is_proxied(cls.name):
        return operations(world, cls)
    return tuple(o for o in operations(world, cls) if o.kind is EndpointKind.METHOD)


def skeleton_source(world: World, top: str, part: str) -> str:
    """The text of the skeleton of the top-level class `top` in `part`. Deterministic."""
    cls = world.program.classes[top]
    full = skeleton_name(world, top)
    simple = full.rpartition(".")[2]
    names = package_names(world, cls)
    writer = _Writer(world, cls, names)
    for served in served_classes(world, top, part):
        for operation in operations_served(world, served, part):
            writer.operation(served, operation)
    body = [
        '@SuppressWarnings({"unchecked", "rawtypes", "deprecation", "removal"})',
        f"final class {simple} implements {names('Skeleton')} {{",
        *indent(["@Override", f"public void register({names('Endpoints')} endpoints) {{", *indent(writer.lines, 1), "}"], 1),
        *indent(writer.helpers, 1),
        "}",
    ]
    text = "\n".join(body)
    what = "Runs here what other parts ask of it." if world.owner(top) else "Serves objects of this part by this type."
    return compilation_unit(header("Skeleton", cls, what), cls.package, names.imports(text, ("Endpoints", "Skeleton")), text)


@dataclass(slots=True)
class _Writer:
    world: World
    top: ClassSymbol
    names: RuntimeNames
    lines: list[str] = field(default_factory=list)
    helpers: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=lambda: {"register"})

    def operation(self, cls: ClassSymbol, operation: Operation) -> None:
        """Registers one endpoint."""
        quoted = f'"{cls.name}", "{operation.name}"'
        match operation.kind:
            case EndpointKind.CONSTRUCTOR:
                self.lines.append(f"endpoints.constructor({quoted}, a -> {self._call(cls, operation)});")
            case EndpointKind.STATIC:
                self.lines.append(f"endpoints.function({quoted}, a -> {self._value(cls, operation)});")
            case EndpointKind.METHOD | EndpointKind.GET | EndpointKind.SET if cls.kind is ClassKind.ENUM:
                self.lines.append(f"endpoints.function({quoted}, a -> {self._value(cls, operation)});")
            case EndpointKind.METHOD:
                self.lines.append(f"endpoints.method({quoted}, (self, a) -> {self._value(cls, operation)});")
            case EndpointKind.STATIC_GET | EndpointKind.STATIC_SET:
                self.lines.append(f"endpoints.function({quoted}, a -> {self._field(cls, operation)});")
            case EndpointKind.GET | EndpointKind.SET:
                self.lines.append(f"endpoints.method({quoted}, (self, a) -> {self._field(cls, operation)});")

    def _name(self, cls: ClassSymbol) -> str:
        return render_erased(self.world.program, cls.type(), self.names.scope)

    def _value(self, cls: ClassSymbol, operation: Operation) -> str:
        """A lambda body that answers the result; null for void."""
        if operation.method is None:
            return self._field(cls, operation)
        if operation.method.name == INITIALISE:
            name = self._name(cls)
            return f"{{ Class.forName({name}.class.getName(), true, {name}.class.getClassLoader()); return null; }}"
        call = self._call(cls, operation)
        direct = not _needs_helper(cls, operation.method)  # a helper answers null by itself
        return f"{{ {call}; return null; }}" if operation.method.result == VOID and direct else call

    def _call(self, cls: ClassSymbol, operation: Operation) -> str:
        method = operation.method
        assert method is not None
        if _needs_helper(cls, method):
            return self._helper(cls, operation, method)
        first = self._offset(cls, method)
        bindings = dict(operation.bindings)
        casts = [f"({self._erased(substitute(p.type, bindings))}) a[{i + first}]" for i, p in enumerate(method.params)]
        return self._invoke(cls, method, ", ".join(casts), "")

    def _offset(self, cls: ClassSymbol, method: MethodSymbol) -> int:
        """1 where the first argument is the enclosing instance, or the enum constant itself."""
        if method.is_constructor:
            return 1 if is_inner(self.world, cls) else 0
        return 1 if cls.kind is ClassKind.ENUM and not method.flags & Flags.STATIC else 0

    def _self(self, cls: ClassSymbol) -> str:
        return f"(({self._name(cls)}) {'a[0]' if cls.kind is ClassKind.ENUM else 'self'})"

    def _erased(self, type_: Type) -> str:
        return render_erased(self.world.program, type_, self.names.scope)

    def _invoke(self, cls: ClassSymbol, method: MethodSymbol, arguments: str, explicit: str) -> str:
        name = self._name(cls)
        if method.is_constructor:
            if is_inner(self.world, cls):
                outer = self.world.program.classes[cls.outer or ""]
                return f"(({self._name(outer)}) a[0]).new {explicit}{cls.simple_name}({arguments})"
            return f"new {explicit}{name}({arguments})"
        if method.flags & Flags.STATIC:
            return f"{name}.{explicit}{method.name}({arguments})"
        return f"{self._self(cls)}.{explicit}{method.name}({arguments})"

    def _helper(self, cls: ClassSymbol, operation: Operation, method: MethodSymbol) -> str:
        """A generic method whose variables have bounds is called from a method with the same variables.

        before: <T extends Number & Comparable<T>> T max(T[] all)
        after:  private static <T extends Number & Comparable<T>> Object max(Object self, Object[] a) {
                    return ((Stats) self).<T>max((T[]) a[0]);
                }
        """
        program, scope, bindings = self.world.program, self.names.scope, dict(operation.bindings)
        name = fresh("create" if method.is_constructor else method.name, self.taken)
        erased_class = {(cls.name, p.name): _erasure(p) for p in cls.type_params}
        generics = render_params(program, method.type_params, bindings or erased_class, scope)
        first = self._offset(cls, method)
        types = [substitute(substitute(p.type, bindings), erased_class) for p in method.params]
        casts = [f"({render(program, t, scope)}) a[{i + first}]" for i, t in enumerate(types)]
        # A member of a raw type is raw too, and takes no type arguments.
        raw = bool(cls.type_params) and not method.flags & Flags.STATIC
        explicit = "" if raw else f"<{', '.join(p.name for p in method.type_params)}>"
        call = self._invoke(cls, method, ", ".join(casts), explicit)
        body = [f"{call};", "return null;"] if method.result == VOID and not method.is_constructor else [f"return {call};"]
        head = f"private static {generics} Object {name}(Object self, Object[] a) throws Throwable {{"
        self.helpers += ["", head, *indent(body, 1), "}"]
        has_self = not method.is_constructor and not method.flags & Flags.STATIC and cls.kind is not ClassKind.ENUM
        return f"{name}({'self' if has_self else 'null'}, a)"

    def _field(self, cls: ClassSymbol, operation: Operation) -> str:
        symbol = operation.field
        assert symbol is not None
        target = self._name(cls) if symbol.flags & Flags.STATIC else self._self(cls)
        index = 1 if cls.kind is ClassKind.ENUM and not symbol.flags & Flags.STATIC else 0
        if operation.kind in (EndpointKind.GET, EndpointKind.STATIC_GET):
            return f"{target}.{symbol.name}"
        return f"{target}.{symbol.name} = ({self._erased(symbol.type)}) a[{index}]"


def _erasure(param: TypeParam) -> Type:
    return erase(param.bounds[0]) if param.bounds else OBJECT


def _needs_helper(cls: ClassSymbol, method: MethodSymbol) -> bool:
    """Whether arguments with erased types would not do: a bound must hold, or overloads must be told apart by type arguments."""
    if not method.type_params:
        return False
    if any(bound != OBJECT for p in method.type_params for bound in p.bounds):
        return True
    return any(m is not method and m.name == method.name and len(m.params) == len(method.params) for m in cls.methods)
