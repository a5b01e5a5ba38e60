"""Statements and expressions of the form as Java text."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable

from refactor.pipeline.fuzz.form import (
    BOOL,
    BYTE,
    CHAR,
    DOUBLE,
    FLOAT,
    LONG,
    PINNED,
    SHORT,
    STR,
    Anonymous,
    Assign,
    Binary,
    Call,
    Choose,
    Convert,
    Do,
    Each,
    Equal,
    Expr,
    FieldOf,
    Hold,
    If,
    IsA,
    Lambda,
    Let,
    Lit,
    Lock,
    Log,
    LogError,
    Make,
    Method,
    Name,
    New,
    Op,
    OuterThis,
    Reference,
    Repeat,
    Return,
    Same,
    Stmt,
    Switch,
    This,
    Threads,
    Throw,
    Try,
    Type,
    Update,
    Variable,
)  # fmt: skip

_NAMES = {"bool": "boolean", "str": "String", "object": "Object", "any": "RuntimeException", "null": "NullPointerException"}
_NAMES |= {"cast": "ClassCastException", "arithmetic": "ArithmeticException", "index": "IndexOutOfBoundsException"}
_BOXES = {"bool": "Boolean", "byte": "Byte", "short": "Short", "char": "Character", "int": "Integer", "long": "Long"}
_BOXES |= {"float": "Float", "double": "Double"}
_NAMES["void"] = "void"
_LOCKS = "java.util.concurrent.locks."
_NAMES |= {"box": "Integer", "lock": f"{_LOCKS}ReentrantLock", "sharedlock": f"{_LOCKS}ReentrantReadWriteLock"}
_NAMES |= {"atomic": "java.util.concurrent.atomic.AtomicInteger"}
_OPS = {
    "item": "{on}.get({0})", "get": "{on}.get({0})", "put": "{on}.put({0}, {1})", "haskey": "{on}.containsKey({0})",
    "removekey": "{on}.remove({0})", "add": "{on}.add({0})", "contains": "{on}.contains({0})", "removeat": "{on}.remove({0})",
    "isnull": "({on} == null)", "show": "String.valueOf((Object) {on})", "showarray": "java.util.Arrays.toString({on})",
    "hash": "{on}.hashCode()", "distinct": "new java.util.HashSet<Object>(java.util.Arrays.<Object>asList({on}, {0})).size()",
    "sweep": "{on}.removeIf(e_ -> e_ == null)", "name": "{on}.name()", "min": "Math.min({on}, {0})",
    "error": "new IllegalStateException({on})", "at": "{on}[{0}]", "box": "Integer.valueOf({on})",
    "supply": "{on}.get()", "apply": "{on}.apply({0})", "applyto": "{on}.apply({0}, {1})",
    "lock": "{on}.lock()", "unlock": "{on}.unlock()", "trylock": "{on}.tryLock()", "holds": "{on}.getHoldCount()",
    "read": "{on}.readLock()", "write": "{on}.writeLock()", "reads": "{on}.getReadHoldCount()", "writes": "{on}.getWriteHoldCount()",
    "addto": "{on}.addAndGet({0})", "number": "{on}.get()", "set": "{on}.set({0})", "mine": "{on}.get()", "remove": "{on}.remove()",
}  # fmt: skip


_CONCURRENT = "java.util.concurrent."


class Printer:
    """Prints code; `records` are the classes whose fields are read through accessors."""

    def __init__(self, records: frozenset[str]) -> None:
        self._records = records

    # --- types and literals

    def type(self, type_: Type) -> str:
        match type_.name:
            case "array":
                return f"{self.type(type_.args[0])}[]"
            case "list":
                return f"java.util.List<{self.boxed(type_.args[0])}>"
            case "map":
                return f"java.util.Map<String, {self.boxed(type_.args[0])}>"
            case "supplier":
                return f"java.util.function.Supplier<{self.boxed(type_.args[0])}>"
            case "function":
                return f"java.util.function.Function<Integer, {self.boxed(type_.args[0])}>"
            case "bifunction":
                return f"java.util.function.BiFunction<{self.boxed(type_.args[0])}, Integer, {self.boxed(type_.args[1])}>"
            case "local":
                return f"ThreadLocal<{self.boxed(type_.args[0])}>"
            case name:
                return _NAMES.get(name, name) + self.arguments(type_.args)

    def arguments(self, args: tuple[Type, ...]) -> str:
        return f"<{', '.join(self.boxed(a) for a in args)}>" if args else ""

    def variables(self, declared: tuple[Variable, ...]) -> str:
        """The type parameters of a class or a method."""
        shown = [name if bound is None else f"{name} extends {self.type(bound)}" for name, bound in declared]
        return f"<{', '.join(shown)}>" if shown else ""

    def boxed(self, type_: Type) -> str:
        return _BOXES.get(type_.name) or self.type(type_)

    def literal(self, lit: Lit) -> str:
        value = lit.value
        if value is None:
            return f"(({self.type(lit.type)}) null)"
        if lit.type == BOOL:
            return "true" if value else "false"
        if lit.type in (STR, CHAR):
            quote = '"' if lit.type == STR else "'"
            return quote + "".join(_escaped(unit, quote) for unit in _units(str(value))) + quote
        if lit.type in (DOUBLE, FLOAT):
            return _floating(float(value), lit.type == FLOAT)
        if lit.type == LONG:
            return f"({value}L)" if int(value) < 0 else f"{value}L"
        if lit.type in (BYTE, SHORT):
            return f"(({lit.type.name}) {value})"
        return f"({value})" if int(value) < 0 else str(value)

    # --- expressions

    def args(self, values: Iterable[Expr], exact: tuple[Type, ...] = ()) -> str:
        given = list(values)
        return ", ".join(self.as_type(v, exact[i]) if i < len(exact) else self.expr(v) for i, v in enumerate(given))

    def as_type(self, value: Expr, type_: Type) -> str:
        """The value with exactly this static type, so that overloads are chosen as meant."""
        text = self.expr(value)
        return text if value.type == type_ or (isinstance(value, Lit) and value.value is None) else f"({self.type(type_)}) {_grouped(text)}"

    def expr(self, e: Expr) -> str:
        match e:
            case Lit():
                return self.literal(e)
            case Name(name, type_):
                return f"{type_.name}.this" if name == "outer$" else name
            case This():
                return "this"
            case OuterThis(type_):
                return f"{type_.name}.this"
            case FieldOf(receiver, cls, name, _):
                base = cls if receiver is None else self._on(receiver)
                return f"{base}.{name}()" if cls in self._records and not isinstance(receiver, This) else f"{base}.{name}"
            case Call(receiver, cls, name, args, _, exact):
                base = "super" if e.to_super else cls if receiver is None else self._on(receiver)
                return f"{base}.{name}({self.args(args, exact)})"
            case New(cls, args, outer):
                simple = cls.rpartition(".")[2]
                if outer is not None:
                    return f"{self._on(outer)}.new {simple}({self.args(args)})"
                return f"new {self.type(e.type)}({self.args(args)})"
            case Anonymous():
                body = " ".join(self.method(m, "public ") for m in e.methods)
                return f"new {self.type(e.type)}({self.args(e.args)}) {{ {body} }}"
            case Lambda(type_, params, body):
                names = ", ".join(p.name for p in params)
                return f"(({self.type(type_)}) ({names}) -> {{ {' '.join(self.block(body))} }})"
            case Reference(type_, _, cls, name, on):
                return f"(({self.type(type_)}) {cls if on is None else self._on(on)}::{name})"
            case Same(left, right):
                return f"({self.expr(left)} == {self.expr(right)})"
            case Equal(left, right):
                return f"java.util.Objects.equals({self.expr(left)}, {self.expr(right)})"
            case Choose(condition, then, orelse, _):
                return f"({self.expr(condition)} ? {self.expr(then)} : {self.expr(orelse)})"
            case Convert(type_, value):
                return f"(({self.type(type_)}) {_grouped(self.expr(value))})"
            case IsA(value, of):
                return f"({self.expr(value)} instanceof {of.name}{self._wild(of)})"
            case Binary(op, left, right, _):
                sign = {"and": "&&", "or": "||"}.get(op, op)
                return f"({self.expr(left)} {sign} {self.expr(right)})"
            case Make():
                return self._make(e)
            case Op():
                return self._op(e)

    @staticmethod
    def _wild(type_: Type) -> str:
        return f"<{', '.join('?' for _ in type_.args)}>" if type_.args else ""

    def _on(self, receiver: Expr) -> str:
        text = self.expr(receiver)
        return f"({text})" if text.startswith("new ") else text

    def _make(self, e: Make) -> str:
        if e.type.name == "local":
            initial = f".withInitial(() -> {self.expr(e.elements[0])})" if e.elements else ""
            return f"ThreadLocal{initial}" if initial else f"new {self.type(e.type)}()"
        if e.type.name in PINNED:
            return f"new {self.type(e.type)}()"
        if e.type.name == "array":
            element = self.type(e.type.args[0])
            return f"new {element}[] {{{self.args(e.elements)}}}"
        boxed = self.boxed(e.type.args[0])
        if e.type.name == "list":
            return f"new java.util.ArrayList<{boxed}>(java.util.Arrays.<{boxed}>asList({self.args(e.elements)}))"
        given = f'java.util.Collections.<String, {boxed}>singletonMap("k0", {self.expr(e.elements[0])})' if e.elements else ""
        return f"new java.util.LinkedHashMap<String, {boxed}>({given})"

    def _op(self, e: Op) -> str:
        on = self._on(e.on)
        if e.op == "size":
            return f"{on}.length" if e.on.type.name == "array" else f"{on}.length()" if e.on.type == STR else f"{on}.size()"
        if e.op == "wrap":
            return f"((X0) {on}.initCause({self.expr(e.args[0])}))"
        return _OPS[e.op].format(*(self.expr(a) for a in e.args), on=on)

    # --- statements

    def block(self, body: Iterable[Stmt]) -> list[str]:
        return [line for s in body for line in self.stmt(s)]

    def _nested(self, head: str, body: Iterable[Stmt], tail: str = "}") -> list[str]:
        return [head + " {", *("    " + line for line in self.block(body)), tail]

    def stmt(self, s: Stmt) -> list[str]:
        match s:
            case Let(name, value, type_):
                return [f"{self.type(type_)} {name} = {self.expr(value)};"]
            case Assign(target, value):
                return [f"{self.expr(target)} = {self.expr(value)};"]
            case Update(target, op, None):
                return [f"{self.expr(target)}{op};"]
            case Update(target, op, value):
                assert value is not None
                return [f"{self.expr(target)} {op}= {self.expr(value)};"]
            case Do(value):
                return [f"{self.expr(value)};"]
            case Log(label, values):
                return [f'T.log("{label}"{"".join(f" + T.SEP + {self.expr(v)}" for v in values)});']
            case LogError(error, frames):
                return [f"T.{'frames' if frames else 'fail'}({self.expr(error)});"]
            case If(condition, then, orelse):
                head = self._nested(f"if ({self.expr(condition)})", then)
                return [*head[:-1], *self._nested("} else", orelse)] if orelse else head
            case Repeat(var, count, body):
                return self._nested(f"for (int {var} = 0; {var} < {self.expr(count)}; {var}++)", body)
            case Each(var, type_, over, body):
                return self._nested(f"for ({self.type(type_)} {var} : {self.expr(over)})", body)
            case Switch(on, cases, orelse):
                return self._switch(on, cases, orelse)
            case Return(value):
                return [f"return {self.expr(value)};" if value is not None else "return;"]
            case Throw(value):
                return [f"throw {self.expr(value)};"]
            case Try(body, catches, final):
                lines = self._nested("try", body)
                for c in catches:
                    caught = f"}} catch ({self.type(Type(c.type))} {c.var})"
                    lines = [*lines[:-1], *self._nested(caught, c.body)]
                return [*lines[:-1], *self._nested("} finally", final)] if final else lines
            case Lock(on, body):
                return self._nested(f"synchronized ({self.expr(on)})", body)
            case Hold(on, mode, body):
                kind = {"lock": "", "read": "Read", "write": "Write"}[mode]
                lines = self._nested("try", body)
                return [f"{self.expr(on)}.take{kind}();", *lines[:-1], "} finally {", f"    {self.expr(on)}.drop{kind}();", "}"]
            case Threads():
                return self._threads(s)

    def _threads(self, s: Threads) -> list[str]:
        if s.how == "executor":
            count = len(s.bodies) if s.together else 1
            lines = [f"{_CONCURRENT}ExecutorService {s.name} = {_CONCURRENT}Executors.newFixedThreadPool({count});", "try {"]
            for i, body in enumerate(s.bodies):
                given = self._nested(f"    {_CONCURRENT}Future<?> {s.name}_{i} = {s.name}.submit((Runnable) () ->", body, "    });")
                lines += [*given, *([] if s.together else [f"    {s.name}_{i}.get();"])]
            lines += [f"    {s.name}_{i}.get();" for i in range(len(s.bodies)) if s.together]
            caught = f"InterruptedException | {_CONCURRENT}ExecutionException {s.name}_e"
            lines += [f"}} catch ({caught}) {{", f"    throw new IllegalStateException({s.name}_e);"]
            return [*lines, "} finally {", f"    {s.name}.shutdown();", "}"]
        starts: list[str] = []
        waits: list[str] = []
        for i, body in enumerate(s.bodies):
            name = f"{s.name}_{i}"
            if s.how == "latch":
                starts.append(f"{_CONCURRENT}CountDownLatch {name} = new {_CONCURRENT}CountDownLatch(1);")
                inside = [f"    {line}" for line in self._nested("try", body)[:-1]]
                starts += ["new Thread(() -> {", *inside, "    } finally {", f"        {name}.countDown();", "    }", "}).start();"]
                wait = [f"    {name}.await();"]
            else:
                starts += [*self._nested(f"Thread {name} = new Thread(() ->", body, "});"), f"{name}.start();"]
                wait = [f"    {name}.join();"]
            if s.together:
                waits += wait
            else:
                starts += _interruptible(wait, f"{name}e")
        return [*starts, *(_interruptible(waits, f"{s.name}e") if s.together else [])]

    def _switch(self, on: Expr, cases: tuple[tuple[str, tuple[Stmt, ...]], ...], orelse: tuple[Stmt, ...]) -> list[str]:
        lines = [f"switch ({self.expr(on)}) {{"]
        for name, body in cases:
            lines += [f"    case {name}: {{", *("        " + line for line in self.block(body)), "        break;", "    }"]
        return [*lines, "    default: {", *("        " + line for line in self.block(orelse)), "    }", "}"]

    def method(self, m: Method, modifiers: str) -> str:
        params = [f"{self.type(p.type)} {p.name}" for p in m.params]
        if m.varargs:
            params[-1] = f"{self.type(m.params[-1].type.args[0])}... {m.params[-1].name}"
        own = f"{self.variables(m.variables)} " if m.variables else ""
        head = f"{modifiers}{own}{self.type(m.result)} {m.name}({', '.join(params)})"
        if m.body is None:
            return head + ";"
        body = self.block(m.body)
        if m.locked:
            held = 'T.log("held" + T.SEP + guard_.getHoldCount());'
            body = ["guard_.lock();", "try {", *("    " + line for line in (held, *body)), "} finally {", "    guard_.unlock();", "}"]
        return "\n".join([head + " {", *("    " + line for line in body), "}"])


def _interruptible(lines: list[str], error: str) -> list[str]:
    return ["try {", *lines, f"}} catch (InterruptedException {error}) {{", f"    throw new IllegalStateException({error});", "}"]


def _grouped(text: str) -> str:
    return text if text.startswith("(") or text.replace(".", "").replace("_", "").isalnum() else f"({text})"


def _units(text: str) -> list[int]:
    """UTF-16 units, lone surrogates included."""
    data = text.encode("utf-16-le", "surrogatepass")
    return [unit for (unit,) in struct.iter_unpack("<H", data)]


def _escaped(unit: int, quote: str) -> str:
    named = {10: "\\n", 13: "\\r", 9: "\\t", 92: "\\\\", ord(quote): "\\" + quote}
    if unit in named:
        return named[unit]
    return chr(unit) if 32 <= unit < 127 else f"\\u{unit:04x}"


def _floating(value: float, single: bool) -> str:
    box, suffix = ("Float", "f") if single else ("Double", "")
    if math.isnan(value):
        return f"{box}.NaN"
    if math.isinf(value):
        return f"{box}.{'POSITIVE' if value > 0 else 'NEGATIVE'}_INFINITY"
    text = f"{value!r}{suffix}"
    return f"({text})" if text.startswith("-") else text


