"""The remote calls inside one generated proxy file: its endpoint constants, and the expressions that use them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from refactor.codegen.names import fresh, operation_names, upper_snake
from refactor.codegen.spring.imports import RuntimeNames
from refactor.codegen.spring.members import operations, own_methods
from refactor.codegen.spring.world import World
from refactor.ir.symbols import ClassSymbol
from refactor.ir.types import ArrayType, ClassType, PrimitiveType, Type, erase

HOLDER = "Endpoints$"
_BUFFERS = frozenset({"java.lang.Appendable", "java.lang.CharSequence"})
BOXES = {
    "boolean": "Boolean",
    "byte": "Byte",
    "char": "Character",
    "short": "Short",
    "int": "Integer",
    "long": "Long",
    "float": "Float",
    "double": "Double",
}


@dataclass(slots=True)
class Calls:
    """Collects the endpoints that a proxy file calls. They become constants of one nested class, so that a call allocates
    nothing but its arguments, and so that inner classes need no static members of their own.
    """

    world: World
    top: ClassSymbol
    names: RuntimeNames
    constants: dict[tuple[str, str], str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)

    def create(self, cls: ClassSymbol, member: str, arguments: Sequence[str]) -> str:
        """`Remote.create(Endpoints$.NEW, a, b)`."""
        return self._remote("create", self.operation(cls.name, member), arguments)

    def static(self, cls: ClassSymbol, operation: str, arguments: Sequence[str] = ()) -> str:
        return self._remote("callStatic", (cls.name, operation), arguments)

    def method(self, endpoint_class: str, operation: str, arguments: Sequence[str] = (), receiver: str = "this") -> str:
        return self._remote("call", (endpoint_class, operation), [receiver, *arguments])

    def operation(self, endpoint_class: str, member: str) -> tuple[str, str]:
        """(class, operation) of the member with this key."""
        table = self.tables.get(endpoint_class)
        if table is None:
            cls = self.world.program.classes[endpoint_class]
            table = operation_names(own_methods(self.world, cls))
            table.update({o.member: o.name for o in operations(self.world, cls) if o.method is not None})
            self.tables[endpoint_class] = table
        return endpoint_class, table[member]

    def _remote(self, how: str, endpoint: tuple[str, str], arguments: Sequence[str]) -> str:
        shown = ", ".join([f"{self._holder_name()}.{self._constant(*endpoint)}", *arguments])
        return f"{self.names('Remote')}.{how}({shown})"

    def _holder_name(self) -> str:
        """A class inherits the member classes of its interfaces: those must not hide its own."""
        return HOLDER + self.top.simple_name if self.top.is_interface else HOLDER

    def _constant(self, cls: str, operation: str) -> str:
        found = self.constants.get((cls, operation))
        if found is None:
            nested = cls[len(self.top.name) + 1 :] if cls.startswith(self.top.name + "$") else ""
            if cls != self.top.name and not nested:
                nested = cls.rpartition(".")[2]
            words = [upper_snake(w) for w in (nested, operation.partition("~")[0]) if w]
            found = self.constants[(cls, operation)] = fresh("_".join(words), self.taken)
        return found

    def holder(self, *, inside_interface: bool = False) -> list[str]:
        """The nested class of constants; nothing where the file makes no call."""
        if not self.constants:
            return []
        endpoint = self.names("Endpoint")
        read_only = {(e.cls, e.operation) for e in self.world.plan.endpoints if e.read_only_arrays}
        lines = [f"{'' if inside_interface else 'private static '}final class {self._holder_name()} {{"]
        for (cls, operation), name in self.constants.items():
            owner = self.world.owner(cls) or self.world.owner(self.top.name)
            suffix = ".readOnlyArrays()" if (cls, operation) in read_only else ""
            lines.append(f'    static final {endpoint} {name} = {endpoint}.of("{owner}", "{cls}", "{operation}"){suffix};')
        return [*lines, "}"]


def argument_list(names: Sequence[str], types: Sequence[Type], *, remote: str = "Remote", alone: bool = True) -> list[str]:
    """Arguments as the runtime's `Object...` takes them: a single array of references must not be spread, and a buffer behind an
    interface is shared, because the callee may keep it. `remote`: how the file names the runtime's `Remote`.

    before: (String[] names)   after: ["(Object) names"];   before: (Appendable out)   after: ["Remote.shared(out)"]
    """
    single = alone and len(names) == 1
    return [_argument(n, t, single, remote) for n, t in zip(names, types, strict=True)]


def _argument(name: str, type_: Type, single: bool, remote: str) -> str:
    if single and _is_reference_array(type_):
        return f"(Object) {name}"
    erased = erase(type_)
    return f"{remote}.shared({name})" if isinstance(erased, ClassType) and erased.name in _BUFFERS else name


def _is_reference_array(type_: Type) -> bool:
    return isinstance(type_, ArrayType) and not isinstance(type_.element, PrimitiveType)


def cast(result: str) -> str:
    """What to write before a remote call whose result has the type `result`; empty for Object."""
    if result in ("Object", "java.lang.Object"):
        return ""
    return f"({BOXES.get(result, result)}) "
