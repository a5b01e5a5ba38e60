"""Bodies as text, for golden cases and for people. One statement a line, nested lists indented."""

from __future__ import annotations

from refactor.ir.program import Body
from refactor.ir.statements import (
    ArrayLoad,
    ArrayStore,
    Binary,
    Block,
    Cast,
    Const,
    Copy,
    If,
    InstanceOf,
    Invoke,
    Jump,
    Lambda,
    Load,
    Local,
    LocalClass,
    Loop,
    MethodHandle,
    New,
    NewArray,
    Return,
    Statement,
    Store,
    Switch,
    Synchronized,
    Throw,
    Try,
    Unary,
    Unsupported,
    Value,
)
from refactor.ir.types import (
    ArrayType,
    ClassType,
    IntersectionType,
    NullType,
    PrimitiveType,
    Type,
    TypeVar,
    UnknownType,
    WildcardType,
)


def print_body(body: Body) -> str:
    """The body's key and parameters, then its statements.

    before: int f(int a) { return a + 1; }
    after:  body A#f(I)I (a: int)
              $1: int = a + 1
              return $1
    """
    params = ", ".join(f"{p.name}: {print_type(p.type)}" for p in body.params)
    within = f" in {body.enclosing}" if body.enclosing else ""
    return "\n".join([f"body {body.key} ({params}){within}", *_lines(body.statements, 1)]) + "\n"


def print_type(type_: Type) -> str:
    """A type as Java writes it, with binary class names."""
    match type_:
        case PrimitiveType(name):
            return name
        case ClassType(name, args):
            return f"{name}<{', '.join(map(print_type, args))}>" if args else name
        case ArrayType(element):
            return f"{print_type(element)}[]"
        case TypeVar(name=name):
            return name
        case WildcardType(upper, lower):
            if lower is not None:
                return f"? super {print_type(lower)}"
            return f"? extends {print_type(upper)}" if upper is not None else "?"
        case IntersectionType(parts):
            return " & ".join(map(print_type, parts))
        case NullType():
            return "null"
        case UnknownType(reason):
            return f"unknown({reason})"


def _value(value: Value | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, Local):
        return value.name
    if isinstance(value.value, bool):
        return "true" if value.value else "false"
    if isinstance(value, Const) and isinstance(value.value, str):
        return repr(value.value) if isinstance(value.type, ClassType) else f"{value.value!r}c"
    if value.value is None:
        return "null"
    if isinstance(value.value, ClassType | PrimitiveType | ArrayType):
        return f"{print_type(value.value)}.class"
    return str(value.value)


def _values(values: tuple[Value, ...]) -> str:
    return ", ".join(map(_value, values))


def _set(target: Local | None) -> str:
    return f"{target.name}: {print_type(target.type)} = " if target is not None else ""


def _lines(statements: tuple[Statement, ...], depth: int) -> list[str]:
    found: list[str] = []
    for statement in statements:
        found.extend(_statement(statement, depth))
    return found


def _statement(statement: Statement, depth: int) -> list[str]:
    pad = "  " * depth
    match statement:
        case If(condition=condition, then=then, orelse=orelse):
            lines = [f"{pad}if {_value(condition)}", *_lines(then, depth + 1)]
            return [*lines, f"{pad}else", *_lines(orelse, depth + 1)] if orelse else lines
        case Loop(body=body, label=label, update=update):
            lines = [f"{pad}loop{' ' + label if label else ''}", *_lines(body, depth + 1)]
            return [*lines, f"{pad}update", *_lines(update, depth + 1)] if update else lines
        case Switch(subject=subject, cases=cases, exhaustive=exhaustive):
            lines = [f"{pad}switch {_value(subject)}{' exhaustive' if exhaustive else ''}"]
            for case_ in cases:
                lines += [f"{pad}case", *_lines(case_, depth + 1)]
            return lines
        case Block(label=label, body=body):
            return [f"{pad}block {label}", *_lines(body, depth + 1)]
        case Synchronized(lock=lock, body=body):
            return [f"{pad}synchronized {_value(lock)}", *_lines(body, depth + 1)]
        case Try(body=body, catches=catches, finally_=finally_):
            lines = [f"{pad}try", *_lines(body, depth + 1)]
            for clause in catches:
                types = " | ".join(map(print_type, clause.types))
                lines += [f"{pad}catch {clause.variable.name}: {types}", *_lines(clause.body, depth + 1)]
            return [*lines, f"{pad}finally", *_lines(finally_, depth + 1)] if finally_ else lines
        case _:
            return [pad + _simple(statement)]


def _simple(statement: Statement) -> str:
    match statement:
        case Copy(target=target, value=value):
            return f"{_set(target)}{_value(value)}"
        case Load(target=target, receiver=receiver, field=field, compound=compound):
            return f"{_set(target)}load {_value(receiver)} {field}{' compound' if compound else ''}"
        case Store(receiver=receiver, field=field, value=value, compound=compound):
            return f"store {_value(receiver)} {field} = {_value(value)}{' compound' if compound else ''}"
        case Invoke(target=target, kind=kind, receiver=receiver, method=method, args=args, reason=reason):
            why = f" [{reason}]" if method is None else ""
            return f"{_set(target)}{kind.value} {_value(receiver)} {method or '?'}({_values(args)}){why}"
        case New(target=target, cls=cls, constructor=constructor, args=args, outer=outer):
            inside = f" in {_value(outer)}" if outer is not None else ""
            return f"{_set(target)}new {cls} {constructor or '?'}({_values(args)}){inside}"
        case NewArray(target=target, type=type_, dimensions=dimensions, elements=elements):
            inside = f" {{{_values(elements)}}}" if elements is not None else ""
            return f"{_set(target)}new {print_type(type_)} [{_values(dimensions)}]{inside}"
        case ArrayLoad(target=target, array=array, index=index):
            return f"{_set(target)}{_value(array)}[{_value(index)}]"
        case ArrayStore(array=array, index=index, value=value):
            return f"{_value(array)}[{_value(index)}] = {_value(value)}"
        case Lambda(target=target, handle=MethodHandle(receiver=receiver, method=method, reason=reason)):
            return f"{_set(target)}handle {_value(receiver)} {method or '?'}{f' [{reason}]' if reason else ''}"
        case Lambda(target=target, body=body, captures=captures):
            return f"{_set(target)}lambda {body} captures ({', '.join(c.name for c in captures)})"
        case Cast(target=target, type=type_, value=value):
            return f"{_set(target)}({print_type(type_)}) {_value(value)}"
        case InstanceOf(target=target, type=type_, value=value):
            return f"{_set(target)}{_value(value)} instanceof {print_type(type_)}"
        case Unary(target=target, op=op, value=value):
            return f"{_set(target)}{op} {_value(value)}"
        case Binary(target=target, op=op, left=left, right=right):
            return f"{_set(target)}{_value(left)} {op} {_value(right)}"
        case Return(value=value):
            return f"return {_value(value)}" if value is not None else "return"
        case Throw(value=value, is_assertion=is_assertion):
            return f"throw {_value(value)}{' assertion' if is_assertion else ''}"
        case Jump(kind=kind, label=label, value=value):
            return " ".join([kind, *([label] if label else []), *([_value(value)] if value is not None else [])])
        case LocalClass(cls=cls):
            return f"class {cls}"
        case Unsupported(what=what):
            return f"unsupported {what}"
        case _:
            raise AssertionError(f"no text for {type(statement).__name__}")
