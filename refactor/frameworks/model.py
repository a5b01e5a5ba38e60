"""Beans, the places that ask for them, and the application that declares them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from refactor.ir.symbols import Annotation
from refactor.ir.types import Type
from refactor.support.source import Span


class BeanKind(Enum):
    """What makes the bean."""

    CLASS = "class"  # a class with a stereotype
    METHOD = "method"  # a @Bean method
    REPOSITORY = "repository"  # an interface that the framework implements
    FACTORY = "factory"  # what a factory bean makes, which goes by the factory's name


@dataclass(frozen=True, slots=True)
class Bean:
    """One declared bean. `type`: the class it is known by; `declared_in`: the class that has to be local where it is made.

    `profiles`: one tuple per condition that must hold (the class's, the configuration's, the method's), each met by any of its words.
    `conditions`: annotations that ask the environment whether there is such a bean, with the same answer in every part. `doubts`: what
    a declaration elsewhere could not repeat. `written`: its type with arguments. `scanned`: whether an application looks where it is.
    """

    name: str
    type: str
    declared_in: str
    kind: BeanKind
    aliases: tuple[str, ...] = ()
    primary: bool = False
    qualifiers: tuple[str, ...] = ()
    order: int | None = None
    profiles: tuple[tuple[str, ...], ...] = ()
    scope: str = "singleton"
    span: Span | None = None
    conditions: tuple[Annotation, ...] = ()
    doubts: tuple[str, ...] = ()
    written: Type | None = None
    scanned: bool = True


@dataclass(frozen=True, slots=True)
class Injection:
    """A place in class `user` that gets every bean, or one, of type `type`. `written`: the declared type, with wrappers.

    `name`: the bean that is asked for, whatever its type. `label`: the name of the parameter or field, which decides between several.
    `marks`: annotations that tell beans apart and are the program's own. `required`: exactly one bean has to be there.
    """

    user: str
    type: str
    written: Type
    what: str
    span: Span | None
    name: str = ""
    label: str = ""
    many: bool = False
    required: bool = False
    qualifiers: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Application:
    """The class that starts the program, and the packages it scans."""

    cls: str
    packages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BeanFacts:
    """Everything a container knows of a program. Empty where the program has none."""

    beans: tuple[Bean, ...]
    injections: tuple[Injection, ...]
    applications: tuple[Application, ...]

    def declared_in(self, cls: str) -> tuple[Bean, ...]:
        return tuple(b for b in self.beans if b.declared_in == cls)
