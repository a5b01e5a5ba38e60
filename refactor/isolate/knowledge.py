"""What is known of library types and methods, read once from libraries.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any


class Names:
    """A set of class names with "pkg.*" and "pkg.**" patterns."""

    __slots__ = ("_exact", "_memo", "_packages", "_trees")

    def __init__(self, patterns: list[str] | tuple[str, ...]) -> None:
        self._exact = frozenset(p for p in patterns if not p.endswith("*"))
        self._packages = frozenset(p[:-2] for p in patterns if p.endswith(".*"))
        self._trees = tuple(p[:-2] for p in patterns if p.endswith(".**"))
        self._memo: dict[str, bool] = {}

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        found = self._memo.get(name)
        if found is None:
            found = self._memo[name] = (
                name in self._exact or name.rpartition(".")[0] in self._packages or any(name.startswith(t) for t in self._trees)
            )
        return found

    def exact(self) -> frozenset[str]:
        return self._exact


class Methods:
    """A set of "class#name", or of whole keys, with "class#*", "*#name" and package patterns before the "#"."""

    __slots__ = ("_any_class", "_exact", "_memo", "_owners")

    def __init__(self, patterns: list[str] | tuple[str, ...]) -> None:
        self._exact = frozenset(patterns)
        self._any_class = frozenset(p[2:] for p in patterns if p.startswith("*#"))
        self._owners = Names([p[:-2] for p in patterns if p.endswith("#*")])
        self._memo: dict[str, bool] = {}

    def matches(self, key: str | None) -> bool:
        """Whether a member key of a class that is not the application's is in the set."""
        if key is None:
            return False
        found = self._memo.get(key)
        if found is None:
            owner, _, rest = key.partition("#")
            name = rest.partition("(")[0].partition(":")[0]
            exact = f"{owner}#{name}" in self._exact or key in self._exact
            found = self._memo[key] = exact or name in self._any_class or owner in self._owners
        return found


class ArrayMethods:
    """What library methods do with arrays and restored objects; "class#name@2" is about the third argument only."""

    def __init__(self, arrays: dict[str, list[str]], restored: dict[str, list[str]], types: list[str], functional: Names) -> None:
        whole = [m for m in arrays["mutators"] if "@" not in m]
        self._mutators = Methods(whole)
        self._single_mutators = Methods([m for m in whole if not m.startswith("*#")])
        self._sparing = Names(arrays["sparing"])
        self._lookups = frozenset(arrays["lookups"])
        self._collections = Names(arrays["collections"])
        self._functional = functional
        self._spreaders = Methods(arrays["spreaders"])
        self._borrowers = Methods([*arrays["borrowers"], *restored["borrowers"]])
        self._returns = Methods(arrays["returns"])
        self._restored = Names(types)
        self._seen_as = Names(restored["seen_as"])
        self._shared_as = Names(restored["shared_as"])
        self._writers = Methods(restored["writers"])
        self._itself = Methods(restored["returns"])
        self._written = Names(restored["written_parameters"])
        self._by_argument: dict[int, list[str]] = {}
        for text in arrays["mutators"]:
            name, at, number = text.partition("@")
            if at:
                self._by_argument.setdefault(int(number), []).append(name)

    def mutates(self, key: str, argument: int, single: bool) -> bool:
        mutators = self._single_mutators if single else self._mutators
        return mutators.matches(key) or any(key.startswith(name + "(") for name in self._by_argument.get(argument, ()))

    def spares(self, owner: str) -> bool:
        return owner in self._sparing

    def functional(self, owner: str) -> bool:
        return owner in self._functional

    def looks_up(self, key: str) -> bool:
        owner, _, rest = key.partition("#")
        return owner in self._collections and rest.partition("(")[0] in self._lookups

    def spreads(self, key: str) -> bool:
        return self._spreaders.matches(key)

    def borrows(self, key: str) -> bool:
        return self._borrowers.matches(key)

    def returns(self, key: str) -> bool:
        return self._returns.matches(key)

    def restored(self, name: str) -> bool:
        return name in self._restored

    def seen_as(self, name: str) -> bool:
        return name in self._seen_as

    def shared_as(self, name: str) -> bool:
        return name in self._shared_as

    def writes(self, key: str) -> bool:
        return self._writers.matches(key)

    def returns_itself(self, key: str) -> bool:
        return self._itself.matches(key)

    def written_parameter(self, name: str) -> bool:
        return name in self._written


@dataclass(frozen=True, slots=True)
class ProcessState:
    """Mutable state of the whole process behind library calls."""

    id: str
    writers: Methods
    readers: Methods
    annotations: frozenset[str]  # of tests: they write it before the test and put it back afterwards
    keys: tuple[str, ...] = ()  # only system properties whose names begin so
    of_thread: bool = False  # it belongs to a thread, not to the whole process
    framework: frozenset[str] = frozenset()  # annotations of methods that a framework runs after it has set the state
    asks: frozenset[str] = frozenset()  # annotations of what a framework runs only after it has read the state


@dataclass(frozen=True, slots=True)
class Knowledge:
    """libraries.toml, typed. Lookups are by binary class name or member key."""

    value: Names
    immutable: Names
    value_of: Names
    duplicable: Names
    functional: Names
    reference: Names
    copy_restore: Names
    opaque: Names
    pinned: Names
    atomic: Names
    proxy_safe_superclasses: Names
    harmless_arguments: Names
    throwable: str
    thread: str
    spring_data: frozenset[str]
    annotations: dict[str, frozenset[str]]
    test_superclasses: frozenset[str]
    persistence_users: Names
    pure_types: Names
    impure_types: Names
    impure_methods: Methods
    immutable_makers: Methods
    readers: frozenset[str]
    total: Methods
    arrays: ArrayMethods
    sinks: dict[str, Methods]
    harmless_literals: Methods
    literal_containers: Methods
    console: Methods
    process_state: tuple[ProcessState, ...]
    holder_endings: tuple[str, ...]  # of names of library classes that keep something per thread
    holder_reading: tuple[str, ...]  # how names of their methods begin that only read it
    inherited: frozenset[str]  # types whose value a new thread takes over
    thread_makers: Methods
    platform_properties: tuple[str, ...]  # names of system properties that the platform may read begin so
    platform_setters: Methods
    shutdown_hooks: Methods
    inside_harmless: Methods  # library methods that call only public methods of the objects that they get

    def is_pure(self, key: str) -> bool:
        """Whether a library member gives the same answer in every process and changes nothing but its receiver."""
        owner = key.partition("#")[0]
        return owner in self.pure_types and owner not in self.impure_types and not self.impure_methods.matches(key)


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """before: libraries.toml   after: Knowledge"""
    data: dict[str, Any] = tomllib.loads(Path(__file__).with_name("libraries.toml").read_text(encoding="utf-8"))
    threads: dict[str, Any] = tomllib.loads(Path(__file__).with_name("threads.toml").read_text(encoding="utf-8"))
    platform: dict[str, Any] = tomllib.loads(Path(__file__).with_name("platform.toml").read_text(encoding="utf-8"))
    types, purity, arrays = data["types"], data["purity"], data["arrays"]
    sinks: dict[str, list[str]] = {}
    inside: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("inside.toml").read_text(encoding="utf-8"))
    for kind in ("fields", "reflect"):
        sinks.setdefault(kind, []).extend(inside[kind])
    for sink in data["sinks"]:
        sinks.setdefault(sink["kind"], []).extend(sink["methods"])
    return Knowledge(
        value=Names(types["value"]),
        immutable=Names(types["immutable"]),
        value_of=Names(types["value_of"]),
        duplicable=Names(types["duplicable"]),
        functional=Names(types["functional"]),
        reference=Names(types["reference"]),
        copy_restore=Names(types["copy_restore"]),
        opaque=Names(types["opaque"]),
        pinned=Names(types["pinned"]),
        atomic=Names(types["atomic"]),
        proxy_safe_superclasses=Names(types["proxy_safe_superclasses"]),
        harmless_arguments=Names(types["harmless_arguments"]),
        throwable=data["superclasses"]["throwable"],
        thread=data["superclasses"]["thread"],
        spring_data=frozenset(data["superclasses"]["spring_data"]),
        annotations={name: frozenset(found) for name, found in data["annotations"].items()},
        test_superclasses=frozenset(data["tests"]["superclasses"]),
        persistence_users=Names(data["persistence"]["users"]),
        pure_types=Names(purity["types"]),
        impure_types=Names(purity["except_types"]),
        impure_methods=Methods(purity["except_methods"]),
        immutable_makers=Methods(purity["immutable_makers"]),
        readers=frozenset(purity["readers"]),
        total=Methods(purity["total"]),
        arrays=ArrayMethods(arrays, data["restored"], types["copy_restore"], Names(types["functional"])),
        sinks={kind: Methods(found) for kind, found in sinks.items()},
        harmless_literals=Methods(data["literals"]["harmless"]),
        literal_containers=Methods(data["literals"]["containers"]),
        console=Methods(data["console"]["members"]),
        process_state=tuple(
            _of_process(s) for s in (*data["process_state"], *platform["state"])
        ) + tuple(_of_thread(s, data["annotations"]) for s in threads["state"]),
        holder_endings=tuple(threads["unlisted"]["endings"]),
        holder_reading=tuple(threads["unlisted"]["reading"]),
        inherited=frozenset(threads["inherited"]["types"]),
        thread_makers=Methods(threads["inherited"]["makers"]),
        platform_properties=tuple(platform["said"]["properties"]),
        platform_setters=Methods(platform["said"]["setters"]),
        shutdown_hooks=Methods(platform["said"]["hooks"]),
        inside_harmless=Methods(inside["harmless"]),
    )


def _of_process(state: dict[str, Any]) -> ProcessState:
    annotated, keys = frozenset(state.get("annotations", ())), tuple(state.get("keys", ()))
    return ProcessState(state["id"], Methods(state["writers"]), Methods(state["readers"]), annotated, keys)


def _of_thread(state: dict[str, Any], annotations: dict[str, list[str]]) -> ProcessState:
    framework = frozenset(mark for group in state.get("framework", ()) for mark in annotations[group])
    annotated = frozenset(state.get("annotations", ()))
    asks = frozenset(state.get("asks", ()))
    writers, readers = Methods(state["writers"]), Methods(state["readers"])
    return ProcessState(state["id"], writers, readers, annotated, (), True, framework, asks)
