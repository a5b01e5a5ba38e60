"""One class with Lombok's annotations, as the generators see it: its fields, its own members, its settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from refactor.frontend.java import tree as t
from refactor.frontend.lombok.marks import Mark, Names, marks
from refactor.ir.symbols import ClassKind, Flags

PRIMITIVES = frozenset({"boolean", "byte", "short", "char", "int", "long", "float", "double"})
BOXES = frozenset({"Boolean", "Byte", "Short", "Character", "Integer", "Long", "Float", "Double"})
_NULLNESS = frozenset({"NonNull", "NotNull", "Nonnull"})
_CHECKED = frozenset(
    {"lombok.NonNull", "org.springframework.lang.NonNull", "javax.annotation.Nonnull", "jakarta.annotation.Nonnull",
     "org.jetbrains.annotations.NotNull", "androidx.annotation.NonNull", "android.support.annotation.NonNull",
     "org.eclipse.jdt.annotation.NonNull", "org.checkerframework.checker.nullness.qual.NonNull", "io.reactivex.annotations.NonNull",
     "reactor.util.annotation.NonNull", "edu.umd.cs.findbugs.annotations.NonNull"}
)  # fmt: skip
"""What Lombok takes for @NonNull on a field (its list of base copyable annotations, those that mean "not null")."""


@dataclass(frozen=True, slots=True)
class Field:
    """One declarator. `type` is the text of its type; `copied`: annotations that go to parameters and accessors with it."""

    name: str
    type: str
    flags: Flags
    decl: t.FieldDecl | t.ParamDecl
    var: t.VarDecl | t.ParamDecl
    marks: tuple[Mark, ...]
    copied: str = ""
    nonnull: bool = False

    @property
    def static(self) -> bool:
        return bool(self.flags & Flags.STATIC)

    @property
    def final(self) -> bool:
        return bool(self.flags & Flags.FINAL)

    @property
    def init(self) -> t.Expr | None:
        return self.var.init if isinstance(self.var, t.VarDecl) else None

    @property
    def initialised(self) -> bool:
        return self.init is not None

    @property
    def primitive(self) -> bool:
        return self.type in PRIMITIVES

    def mark(self, name: str) -> Mark | None:
        return next((m for m in self.marks if m.name == name), None)


@dataclass  # no slots: its views are computed once
class Shape:
    """A class. `settings` are those of lombok.config; `version` is that of the library, (1, 18, 30)."""

    decl: t.ClassDecl
    outer: tuple[t.ClassDecl, ...]
    data: bytes
    names: Names
    imports: dict[str, str]
    settings: dict[str, str]
    version: tuple[int, ...]
    made: set[tuple[str, int]] = field(default_factory=set)
    """Members made so far: lower-case name, number of parameters."""

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        return marks(self.names, self.data, self.decl.annotations)

    def mark(self, *names: str) -> Mark | None:
        """The first of `names` that stands on the class."""
        return next((m for n in names for m in self.marks if m.name == n), None)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields in source order, with the modifiers that @Value and @FieldDefaults give them."""
        found = []
        defaults, value = self.mark("FieldDefaults"), self.mark("Value")
        for component in self.decl.components:
            own = marks(self.names, self.data, component.annotations)
            flags = Flags.PRIVATE | Flags.FINAL
            found.append(Field(component.name, self.type(component.of, component.dims), flags, component, component, own))
        for member in self.decl.members:
            if not isinstance(member, t.FieldDecl):
                continue
            own = marks(self.names, self.data, member.annotations)
            flags = member.flags
            final = value is not None or (defaults is not None and defaults.flag("makeFinal"))
            if final and not flags & Flags.STATIC and not any(m.name == "NonFinal" for m in own):
                flags |= Flags.FINAL
            copied = " ".join(self.text(a) for a in member.annotations if self._is_copied(a))
            nonnull = any(m.name == "NonNull" for m in own) or any(self._full(a) in _CHECKED for a in member.annotations)
            for var in member.vars:
                found.append(Field(var.name, self.type(member.of, var.dims), flags, member, var, own, copied and copied + " ", nonnull))
        return tuple(found)

    @property
    def state(self) -> tuple[Field, ...]:
        """The fields that accessors and methods of objects are about."""
        return tuple(f for f in self.fields if not f.static and not f.name.startswith("$"))

    def type(self, node: t.TypeNode, dims: int = 0) -> str:
        return self.text(node) + "[]" * dims

    def text(self, node: t.Node) -> str:
        return one_line(self.data[node.start : node.end].decode())

    def _full(self, annotation: t.AnnotationNode) -> str:
        name = ".".join(p.name for p in annotation.name.parts)
        return self.imports.get(name, name)

    def _is_copied(self, annotation: t.AnnotationNode) -> bool:
        return self._full(annotation) in self.settings.get("lombok.copyableannotations", "").split(";")

    @property
    def name(self) -> str:
        return self.decl.name

    @property
    def variables(self) -> str:
        """before: class A<T extends B>  after: "<T extends B>" """
        return "<" + ", ".join(self.text(p) for p in self.decl.tparams) + ">" if self.decl.tparams else ""

    @property
    def arguments(self) -> str:
        return "<" + ", ".join(p.name for p in self.decl.tparams) + ">" if self.decl.tparams else ""

    @property
    def wildcards(self) -> str:
        return "<" + ", ".join("?" for _ in self.decl.tparams) + ">" if self.decl.tparams else ""

    @property
    def is_enum(self) -> bool:
        return self.decl.kind is ClassKind.ENUM

    def methods(self, name: str) -> list[t.MethodDecl]:
        return [m for m in self.decl.members if isinstance(m, t.MethodDecl) and m.name == name]

    @property
    def constructors(self) -> list[t.MethodDecl]:
        return self.methods("<init>")

    def has(self, name: str, count: int) -> bool:
        """Whether a method of that name, in any case, with `count` parameters is written or made."""
        wanted = name.lower()
        if (wanted, count) in self.made:
            return True
        for member in self.decl.members:
            if isinstance(member, t.MethodDecl) and member.name.lower() == wanted:
                fewest = len(member.params) - (1 if member.params and member.params[-1].varargs else 0)
                if len(member.params) == count or (member.params and member.params[-1].varargs and count >= fewest):
                    return True
        return False

    def setting(self, key: str, default: str = "") -> str:
        return self.settings.get(key.lower(), default)


_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|/\*.*?\*/|//[^\n]*|\s+', re.DOTALL)


def one_line(text: str) -> str:
    """The tokens of `text` on one line, without its comments."""
    return _TOKEN.sub(lambda m: m[0] if m[0][0] in "\"'" else " ", text).strip()


def null_check(shape: Shape, f: Field) -> str:
    """What Lombok writes first where a value goes into a field that is not to be null."""
    if not f.nonnull or f.primitive:
        return ""
    return null_check_of(shape, f.name)


def null_check_of(shape: Shape, name: str) -> str:
    """The check, as `lombok.nonNull.exceptionType` wants it."""
    text = f'"{name} is marked non-null but is null"'
    match shape.setting("lombok.nonnull.exceptiontype").lower():
        case "jdk":
            return f"java.util.Objects.requireNonNull({name}, {text}); "
        case "guava":
            return f"com.google.common.base.Preconditions.checkNotNull({name}, {text}); "
        case "assertion":
            return f"assert {name} != null : {text}; "
        case "illegalargumentexception":
            thrown = "java.lang.IllegalArgumentException"
        case _:
            thrown = "java.lang.NullPointerException"
    return f"if ({name} == null) {{ throw new {thrown}({text}); }} "
