"""The signatures of a program's classes, drawn before any body."""

from __future__ import annotations

from dataclasses import replace

from refactor.pipeline.fuzz.choices import Choices, chance, pick
from refactor.pipeline.fuzz.form import (
    ATOMIC,
    BOX,
    BUILT_IN,
    CHAR,
    DOUBLE,
    INT,
    LOCK,
    LONG,
    OBJECT,
    SHARED_LOCK,
    STR,
    Field,
    Type,
    Variable,
    array,
    list_of,
    local_of,
    map_of,
)  # fmt: skip
from refactor.pipeline.fuzz.shapes import SIMPLE, Keeper, Shape, Shapes, Signature


def shapes(choices: Choices, *, threads: bool = False) -> Shapes:
    """before: nothing   after: two to nine classes and what they declare; `threads`: some of it is for a second thread"""
    found = Shapes()
    for i in range(choices.integer(0, 2)):
        _add(found, Shape(f"I{i}", "interface", 0))
    if chance(choices, 50):
        _generic_interface(choices, found)
    interfaces = found.of_kind("interface")
    if interfaces and chance(choices, 35):
        _heir(choices, found, pick(choices, interfaces))
    if chance(choices, 45):
        _add(found, _enum(choices))
    if chance(choices, 45):
        kinds = [INT, STR, LONG, DOUBLE, CHAR]
        parts = [Field(f"r{i}", pick(choices, kinds), final=True) for i in range(choices.integer(1, 3))]
        _add(found, Shape("R0", "record", 0, fields=parts, built_with=tuple(p.type for p in parts)))
    if chance(choices, 60):
        _add(found, Shape("X0", "exception", 0, fields=[Field("code", INT, final=True)], built_with=(STR, INT)))
    count = choices.integer(2, 4)
    for i in range(count):
        if i == 1 and chance(choices, 40):
            _generic_class(choices, found)
        _add(found, _class(choices, found, i))
    if threads or chance(choices, 20):
        _keeper(choices, found)
    if threads:
        pick(choices, [s for s in found.of_kind("class") if not s.variables]).starts = chance(choices, 75)
    if "R0" in found and chance(choices, 30):
        _with_reference(choices, found["R0"])
    for shape in found.of_kind("interface"):
        _interface(choices, found, shape)
    for shape in found.of_kind("class", "abstract"):
        _members(choices, found, shape)
    for shape in found.of_kind("record", "enum"):
        shape.methods.append(_signature(choices, found, f"m{shape.name}"))
    _referable(choices, found)
    if found.of_kind("class") and chance(choices, 40):
        _nested(choices, found)
    return found


def _referable(choices: Choices, found: Shapes) -> None:
    """Mostly: a class has a method that a library function of its objects, which somebody wants, may refer to."""
    signatures = [m for s in found.table.values() for m in s.methods]
    wanted = [f.type for s in found.table.values() for f in s.fields] + [t for m in signatures for t in (*m.params, m.result)]
    for i, type_ in enumerate(t for t in wanted if t.name == "bifunction"):
        if chance(choices, 60):
            found[type_.args[0].name].methods.append(Signature(f"{type_.args[0].name.lower()}asks{i}", (), type_.args[1]))


def _variable(found: Shapes, bound: Type | None) -> Variable:
    name = f"V{len(found.bounds)}"
    found.bounds[name] = bound
    return name, bound


def _bound(choices: Choices, found: Shapes, percent: int) -> Type | None:
    """Sometimes: a class or an interface that a type argument has to extend."""
    names = [s for s in found.of_kind("class", "abstract", "interface") if not s.variables]
    return pick(choices, names).type if names and chance(choices, percent) else None


def _generic_interface(choices: Choices, found: Shapes) -> None:
    variables = [_variable(found, _bound(choices, found, 15))]
    if chance(choices, 30):
        variables.append(_variable(found, None))
    _add(found, Shape("H0", "interface", 0, variables=tuple(variables)))


def _generic_class(choices: Choices, found: Shapes) -> None:
    shape = Shape("B0", "class", len(found.of_kind("class", "abstract")) + 1)
    shape.variables = (_variable(found, _bound(choices, found, 35)),)
    own = Type(shape.variables[0][0])
    if "H0" in found and len(found["H0"].variables) == 1 and found["H0"].variables[0][1] is None and chance(choices, 40):
        _inherits(choices, found, shape, found["H0"], own)
    _add(found, shape)


def _heir(choices: Choices, found: Shapes, above: Shape) -> None:
    """An interface that extends another one; where that one is generic, with arguments."""
    shape = Shape("J0", "interface", 0)
    _inherits(choices, found, shape, above)
    _add(found, shape)


def _inherits(choices: Choices, found: Shapes, shape: Shape, above: Shape, first: Type | None = None) -> None:
    """Makes `above` a supertype; type arguments are drawn, but for one that is given."""
    if above.kind == "interface":
        shape.interfaces.append(above.name)
    else:
        shape.parent = above.name
    if above.variables:
        drawn = [first or argument(choices, found, bound) for _, bound in above.variables]
        shape.supers.append(Type(above.name, tuple(drawn)))


def argument(choices: Choices, found: Shapes, bound: Type | None) -> Type:
    """What a type variable may stand for: library types, arrays, classes; within its bound."""
    known = [s.type for s in found.of_kind("class", "abstract", "interface", "enum", "record") if not s.variables]
    if bound is not None:
        return pick(choices, [t for t in known if found.is_subtype(t, bound)])
    return pick(choices, [STR, BOX, array(INT), list_of(STR), array(STR), *known, *known])


def _add(found: Shapes, shape: Shape) -> None:
    found.table[shape.name] = shape


def _enum(choices: Choices) -> Shape:
    fields = [Field("weight", INT, final=True)]
    if chance(choices, 40):
        fields.append(Field("hits", INT))
    return Shape("E0", "enum", 0, fields=fields, constants=["RED", "GREEN", "BLUE"][: choices.integer(2, 3)])


def _with_reference(choices: Choices, record: Shape) -> None:
    record.fields.append(Field("rc", Type("C0"), final=True))
    record.built_with = (*record.built_with, Type("C0"))
    record.order = 1


def _class(choices: Choices, found: Shapes, i: int) -> Shape:
    shape = Shape(f"C{i}", "class", len(found.of_kind("class", "abstract")) + 1)
    parents = found.of_kind("class", "abstract")
    if parents and chance(choices, 35):
        _inherits(choices, found, shape, pick(choices, parents))
    elif chance(choices, 15) and i < 2:
        shape.kind = "abstract"
    above = {t.name: t for t in _all_above(found, shape)}
    interfaces = [
        other
        for other in found.of_kind("interface")
        if all(above.get(t.name, t) == t for _, t in found.supertypes(other.type)) and not (other.variables and other.name in above)
    ]
    if interfaces and chance(choices, 65):
        _inherits(choices, found, shape, pick(choices, interfaces))
    shape.equality = shape.parent is None and chance(choices, 25)
    return shape


def _all_above(found: Shapes, shape: Shape) -> list[Type]:
    """What a class that is not in the table yet inherits from its superclass."""
    if shape.parent is None:
        return []
    parent = next((t for t in shape.supers if t.name == shape.parent), Type(shape.parent))
    return [at for _, at in found.supertypes(parent)]


def _keeper(choices: Choices, found: Shapes) -> None:
    """A class with a counter that threads share, a lock that can be held over calls, and a value for every thread."""
    guard = pick(choices, ("synchronized", "lock", "write", "block", "atomic"))
    holds = {"lock": "lock", "write": "shared"}.get(guard, pick(choices, ("", "lock", "shared")))
    local = pick(choices, (BOX, STR, Type("C0"))) if chance(choices, 70) else None
    shape = Shape("K0", "class", len(found.of_kind("class", "abstract")) + 1)
    shape.keeper = Keeper(guard, holds, local, chance(choices, 40) and local in (BOX, STR))
    hidden = chance(choices, 85)
    kinds = {"lock": LOCK, "shared": SHARED_LOCK}
    shape.fields.append(Field("kcount", ATOMIC if guard == "atomic" else INT, final=guard == "atomic", private=True))
    if holds:
        shape.fields.append(Field("klock", kinds[holds], final=True, private=hidden))
    if local is not None:
        static = chance(choices, 50)
        shape.fields.append(Field("klocal", local_of(local), static=static, final=True, private=hidden))
    _add(found, shape)


def field_type(choices: Choices, found: Shapes) -> Type:
    """The type of a field: a value, a reference, an array, a list or a map."""
    kind = choices.integer(0, 9)
    if kind < 4:
        return pick(choices, SIMPLE)
    if kind < 7:
        return reference(choices, found)
    if kind < 8:
        if chance(choices, 35):
            return function_type(choices, found)
        return array(pick(choices, (INT, LONG, STR, DOUBLE, Type("C0"))))
    element = reference(choices, found) if chance(choices, 50) else pick(choices, (INT, STR, LONG))
    return list_of(element) if kind < 9 else map_of(element)


def reference(choices: Choices, found: Shapes) -> Type:
    """A class of the program, or any object."""
    shape = pick(choices, found.of_kind("class", "abstract", "interface", "enum", "record"))
    return Type(shape.name, tuple(argument(choices, found, bound) for _, bound in shape.variables))


def function_type(choices: Choices, found: Shapes) -> Type:
    """A function of the library: what gives an object, what is asked with a depth, what is given an object and a depth."""
    kind = choices.integer(0, 3)
    made = [s.type for s in found.of_kind("class") if not s.variables]
    result = pick(choices, (INT, STR, LONG) if chance(choices, 75) else (STR, *made))
    if kind == 0:
        return Type("supplier", (pick(choices, made or [STR]),))
    if kind == 1 or not made:
        return Type("function", (result,))
    return Type("bifunction", (pick(choices, made), result))


def parameter(choices: Choices, found: Shapes) -> Type:
    kind = choices.integer(0, 11)
    if kind < 5:
        return pick(choices, SIMPLE)
    if kind < 10:
        return reference(choices, found)
    if kind < 11:
        return pick(choices, (list_of(INT), map_of(INT), list_of(STR), OBJECT, function_type(choices, found)))
    return array(pick(choices, (INT, STR, DOUBLE)))


def _signature(choices: Choices, found: Shapes, name: str) -> Signature:
    params = tuple(parameter(choices, found) for _ in range(choices.integer(0, 2)))
    return Signature(name, params, parameter(choices, found), synchronized=chance(choices, 8))


def _interface(choices: Choices, found: Shapes, shape: Shape) -> None:
    """One abstract method, sometimes another one; an heir mostly has none of its own."""
    inherits = bool(shape.interfaces)
    first = _signature(choices, found, f"a{shape.name}")
    if shape.variables:
        first = replace(first, params=(Type(shape.variables[0][0]), *first.params[:1]))
        if chance(choices, 50):
            first = replace(first, result=Type(shape.variables[-1][0]))
    if not inherits or chance(choices, 20):
        shape.methods.append(replace(first, abstract=True, synchronized=False))
    if chance(choices, 35):
        second = _signature(choices, found, f"b{shape.name}")
        shape.methods.append(replace(second, abstract=not inherits and chance(choices, 40), synchronized=False))


def _members(choices: Choices, found: Shapes, shape: Shape) -> None:
    tag = shape.name.lower()
    if shape.variables:
        shape.fields.append(Field(f"{tag}v", Type(shape.variables[0][0])))
        if chance(choices, 40):
            shape.fields.append(Field(f"{tag}vs", list_of(Type(shape.variables[0][0]))))
    for i in range(choices.integer(1, 4)):
        type_ = field_type(choices, found)
        final = chance(choices, 20)
        shape.fields.append(Field(f"{tag}f{i}", type_, final=final, private=not final and chance(choices, 25)))
    for i in range(choices.integer(0, 2)):
        final = chance(choices, 35)
        type_ = pick(choices, (INT, STR, LONG)) if final and chance(choices, 50) else field_type(choices, found)
        shape.fields.append(Field(f"{tag}s{i}", type_, static=True, final=final))
    fields = [f.type for f in shape.fields if not f.static]
    own = tuple(t for t in fields if t in SIMPLE or t.name not in BUILT_IN)[: choices.integer(0, 2)]
    shape.built_with = own
    shape.bare = bool(own) and chance(choices, 40)
    if shape.variables:
        _generic_members(choices, shape)
    for i in range(choices.integer(1, 3)):
        signature = _like(choices, found, _signature(choices, found, f"m{i}"))
        above = [m for s, _ in found.supertypes(shape.type) for m in s.methods if m.name == signature.name]
        if any(m.params == signature.params or m.static for m in above):
            continue
        inherited = bool(above)
        static = not inherited and chance(choices, 20)
        if static:
            signature = replace(signature, static=True, name=f"{tag}{signature.name}")
        shape.methods.append(replace(signature, overloaded=inherited))
    if chance(choices, 40):
        shape.methods.append(Signature(f"{tag}ask", (), pick(choices, (INT, STR, LONG))))  # what a library function may refer to
    if not shape.variables and chance(choices, 25):
        _generic_method(choices, found, shape)
    if chance(choices, 35):
        _overloads(choices, found, shape)
    if shape.kind == "abstract":
        shape.methods.append(replace(_signature(choices, found, f"{tag}abs"), abstract=True, synchronized=False))
    if chance(choices, 15):
        shape.methods.append(Signature(f"{tag}va", (array(pick(choices, (INT, STR))),), INT, varargs=True))


def _like(choices: Choices, found: Shapes, signature: Signature) -> Signature:
    """Sometimes: the parameters and the result of a function of the program, so that a reference to the method can stand for it."""
    functions = [m for s in found.of_kind("interface") if not s.variables and (m := found.function(s.type)) is not None]
    if not functions or not chance(choices, 35):
        return signature
    like = pick(choices, functions)
    return replace(signature, params=like.params, result=like.result)


def _generic_members(choices: Choices, shape: Shape) -> None:
    """What a generic class does with a value of its type variable."""
    tag, own = shape.name.lower(), Type(shape.variables[0][0])
    shape.methods.append(Signature(f"{tag}get", (), own))
    shape.methods.append(Signature(f"{tag}put", (own,), pick(choices, (own, INT, STR))))


def _generic_method(choices: Choices, found: Shapes, shape: Shape) -> None:
    variable = _variable(found, _bound(choices, found, 40))
    own = Type(variable[0])
    params = (own, list_of(own)) if chance(choices, 30) else (own,)
    static = chance(choices, 30)
    name = f"{shape.name.lower()}{'sgen' if static else 'gen'}"
    shape.methods.append(Signature(name, params, own, static=static, variables=(variable,)))


def _overloads(choices: Choices, found: Shapes, shape: Shape) -> None:
    kinds: list[Type] = [INT, LONG, DOUBLE, CHAR, STR, OBJECT, Type("C0")]
    chosen = {pick(choices, kinds) for _ in range(choices.integer(2, 3))}
    for type_ in sorted(chosen, key=lambda t: t.name):
        shape.methods.append(Signature(f"{shape.name.lower()}over", (type_,), STR, overloaded=True))


def _nested(choices: Choices, found: Shapes) -> None:
    outer = pick(choices, [s for s in found.of_kind("class") if not s.variables])
    kind = pick(choices, ("inner", "nested"))
    name = f"{outer.name}.In"
    fields = [Field("in0", pick(choices, SIMPLE)), Field("in1", reference(choices, found))]
    shape = Shape(name, kind, outer.order, fields=fields, outer=outer.name)
    functional = [s for s in found.of_kind("interface") if found.function(s.type) is not None]
    if functional and chance(choices, 50):
        _inherits(choices, found, shape, pick(choices, functional))
    shape.methods.append(_signature(choices, found, "mIn"))
    _add(found, shape)
    outer.methods.append(Signature("makeIn", (), Type(name)))
