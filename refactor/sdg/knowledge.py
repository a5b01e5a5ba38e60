"""What is known of persistence libraries, read once from grammars/java/frameworks/persistence.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from refactor.ir.symbols import Annotation, ClassSymbol, FieldSymbol, MethodSymbol
from refactor.sdg.model import Crud
from refactor.support.resources import resource


@dataclass(frozen=True, slots=True)
class Persistence:
    """The file, typed; what each entry means stands in the file."""

    jpa_packages: tuple[str, ...]
    managers: frozenset[str]
    criteria: tuple[str, ...]
    naming_snake: str
    operations: Mapping[str, tuple[Crud, ...]]
    cascades: Mapping[Crud, frozenset[str]]
    queries: Mapping[str, str]
    jdbc: Mapping[str, frozenset[str]]
    jdbc_constructors: frozenset[str]
    inserts: Mapping[str, str]
    inserts_run: frozenset[str]
    mybatis_texts: Mapping[str, str]
    mybatis_providers: frozenset[str]
    mybatis_sessions: frozenset[str]
    mybatis_session_methods: frozenset[str]
    repository_queries: frozenset[str]
    repository_graphs: frozenset[str]
    relational: frozenset[str]
    prefixes: Mapping[str, tuple[Crud, ...]]
    spring_transactional: frozenset[str]
    jta_transactional: frozenset[str]
    attribute: frozenset[str]
    management: frozenset[str]
    ejbs: frozenset[str]
    no_transaction: frozenset[str]
    new_transaction: frozenset[str]
    demarcation: Mapping[str, frozenset[str]]
    driven: frozenset[str]
    elsewhere: frozenset[str]
    later: tuple[str, ...]

    def jpa(self, symbol: ClassSymbol | MethodSymbol | FieldSymbol, *names: str) -> Annotation | None:
        """The first annotation of `symbol` that is one of JPA's, by simple name; an unresolved one counts by the name as written."""
        wanted = {p + n for p in self.jpa_packages for n in names} | set(names)
        return next((a for a in symbol.annotations if a.name in wanted), None)

    def jpa_all(self, annotations: Iterable[Annotation], *names: str) -> Iterator[Annotation]:
        """Every such annotation, those inside container annotations (`@NamedQueries`) included."""
        wanted = {p + n for p in self.jpa_packages for n in names} | set(names)
        for annotation in annotations:
            if annotation.name in wanted:
                yield annotation
            for _, value in annotation.values:
                nested = value if isinstance(value, tuple) else (value,)
                yield from self.jpa_all((v for v in nested if isinstance(v, Annotation)), *names)


def cruds(letters: str) -> tuple[Crud, ...]:
    """before: "CU"   after: (CREATE, UPDATE)"""
    return tuple(Crud(letter) for letter in letters)


@lru_cache(maxsize=1)
def persistence() -> Persistence:
    """before: persistence.toml   after: Persistence"""
    data = tomllib.loads(resource("grammars/java/frameworks/persistence.toml").read_text(encoding="utf-8"))
    jpa, mybatis, spring, transactions = data["jpa"], data["mybatis"], data["spring_data"], data["transactions"]
    return Persistence(
        jpa_packages=tuple(jpa["packages"]),
        managers=frozenset(jpa["managers"]),
        criteria=tuple(jpa["criteria"]),
        naming_snake=jpa["naming_snake"],
        operations={name: cruds(kinds) for name, kinds in jpa["operations"].items()},
        cascades={Crud(kind): frozenset(names) for kind, names in jpa["cascades"].items()},
        queries=jpa["queries"],
        jdbc={name: frozenset(methods) for name, methods in data["jdbc"].items()},
        jdbc_constructors=frozenset(data["jdbc_constructors"]["classes"]),
        inserts=data["inserts"],
        inserts_run=frozenset(data["inserts_run"]["methods"]),
        mybatis_texts=mybatis["annotations"],
        mybatis_providers=frozenset(mybatis["providers"]),
        mybatis_sessions=frozenset(mybatis["sessions"]),
        mybatis_session_methods=frozenset(mybatis["session_methods"]),
        repository_queries=frozenset(spring["query"]),
        repository_graphs=frozenset(spring["graphs"]),
        relational=frozenset(spring["relational"]),
        prefixes={name: cruds(kinds) for name, kinds in spring["prefixes"].items()},
        spring_transactional=frozenset(transactions["spring"]),
        jta_transactional=frozenset(transactions["jta"]),
        attribute=frozenset(transactions["attribute"]),
        management=frozenset(transactions["management"]),
        ejbs=frozenset(transactions["ejbs"]),
        no_transaction=frozenset(transactions["none"]),
        new_transaction=frozenset(transactions["new"]),
        driven=frozenset(transactions["driven"]),
        elsewhere=frozenset(transactions["elsewhere"]),
        later=tuple(transactions["later"]),
        demarcation={name: frozenset(methods) for name, methods in transactions["calls"].items()},
    )
