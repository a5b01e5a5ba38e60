"""The platform's class files for one release: from a JDK's ct.sym, run-time image, jmods or rt.jar, without starting a JVM.

Without a JDK the packaged stubs stand in (`stubs`).

A JDK of version V answers for release V (and above, with a warning) from its run-time image, for older releases from
ct.sym, whose folder names are the releases they hold for: `89A/java.base/java/lang/Foo.sig` is Foo in 8, 9 and 10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from refactor.frontend.java.classfile.archive import Archive, ArchiveError
from refactor.frontend.java.classfile.jimage import ImageError, RuntimeImage
from refactor.frontend.java.classfile.stubs import StubPlatform
from refactor.frontend.project.jdk import jdk_home
from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.resources import resource

STUBS_RELEASE = 17
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_Packages = Mapping[str, Mapping[str, object]]


class Platform(Protocol):
    """Class files of the platform by package and simple name (`Map$Entry`)."""

    def read(self, package: str, simple: str) -> bytes | None: ...

    def has_package(self, package: str) -> bool: ...

    def has_prefix(self, package: str) -> bool:
        """Whether it is a package or the leading part of one: `java` as well as `java.util`."""

    @property
    def packages(self) -> _Packages: ...


@dataclass(frozen=True, slots=True)
class FoundPlatform:
    """The platform for a release and what is to be said about it."""

    platform: Platform
    diagnostics: tuple[Diagnostic, ...] = ()


class ImagePlatform:
    """`lib/modules`; the index of all classes is made only when the classes of a package are listed."""

    def __init__(self, path: Path) -> None:
        self._image = RuntimeImage(path)
        self._modules: dict[str, str | None] = {}

    def read(self, package: str, simple: str) -> bytes | None:
        module = self._module(package)
        return self._image.read(f"/{module}/{package.replace('.', '/')}/{simple}.class") if module else None

    def has_package(self, package: str) -> bool:
        return self._module(package) is not None

    def has_prefix(self, package: str) -> bool:
        return self._image.read(f"/packages/{package}") is not None

    @cached_property
    def packages(self) -> _Packages:
        return self._image.classes()

    def _module(self, package: str) -> str | None:
        if package not in self._modules:
            self._modules[package] = self._image.module_of(package)
        return self._modules[package]


class IndexedPlatform:
    """Archives whose classes are all indexed: ct.sym for one release, jmods, rt.jar."""

    def __init__(self, classes: Mapping[str, Mapping[str, tuple[Archive, str]]]) -> None:
        self._classes = classes

    def read(self, package: str, simple: str) -> bytes | None:
        place = self._classes.get(package, {}).get(simple)
        return place[0].read(place[1]) if place else None

    def has_package(self, package: str) -> bool:
        return package in self._classes

    def has_prefix(self, package: str) -> bool:
        return package in self._prefixes

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        return package_prefixes(self._classes)

    @property
    def packages(self) -> _Packages:
        return self._classes


class LayeredPlatform:
    """ct.sym hides packages such as sun.misc that `-source 8` still sees: for a package it lacks, the image answers."""

    def __init__(self, first: Platform, second: Platform) -> None:
        self._first = first
        self._second = second

    def read(self, package: str, simple: str) -> bytes | None:
        return self._of(package).read(package, simple)

    def has_package(self, package: str) -> bool:
        return self._first.has_package(package) or self._second.has_package(package)

    def has_prefix(self, package: str) -> bool:
        return self._first.has_prefix(package) or self._second.has_prefix(package)

    @property
    def packages(self) -> _Packages:
        return {**self._second.packages, **self._first.packages}

    def _of(self, package: str) -> Platform:
        return self._first if self._first.has_package(package) else self._second


def package_prefixes(packages: Iterable[str]) -> frozenset[str]:
    """before: java.util.stream  after: java, java.util, java.util.stream"""
    found: set[str] = set()
    for package in packages:
        while package and package not in found:
            found.add(package)
            package = package.rpartition(".")[0]
    return frozenset(found)


def find_platform(release: int, java_home: Path | None) -> FoundPlatform:
    """The platform for `release` from the JDK at `java_home`, or from the one this machine offers; without one, from the stubs."""
    home = java_home or jdk_home()
    if home is None:
        return _stubs(release, "no JDK found: JAVA_HOME is not set and there is no javac on the PATH")
    try:
        return _platform_of(release, home)
    except (OSError, ArchiveError, ImageError) as error:
        return _stubs(release, f"the JDK at {home} cannot be read: {error}")


def _platform_of(release: int, home: Path) -> FoundPlatform:
    version = jdk_version(home)
    current = _current(home)
    said: list[Diagnostic] = []
    if current is None:
        return _stubs(release, f"{home} holds neither lib/modules nor jmods nor rt.jar")
    if release > version:
        message = f"release {release} is newer than the JDK ({version}) at {home}; its own signatures are used"
        said.append(Diagnostic("java/platform-version", Severity.WARNING, message, help=f"install JDK {release} and set JAVA_HOME"))
    symbols = home / "lib" / "ct.sym"
    if release < version and symbols.is_file() and version >= 9:
        older = _ct_sym(symbols, release)
        if older is not None:
            return FoundPlatform(LayeredPlatform(older, current))
        message = f"the JDK ({version}) at {home} has no signatures of release {release}; its own are used"
        said.append(Diagnostic("java/platform-version", Severity.WARNING, message, help=f"install JDK {release} and set JAVA_HOME"))
    return FoundPlatform(current, tuple(said))


def jdk_version(home: Path) -> int:
    """The feature release of the JDK at `home`: 17 for 17.0.15, 8 for 1.8.0_392; 8 where there is no release file."""
    try:
        lines = (home / "release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 8
    for line in lines:
        key, _, value = line.partition("=")
        if key == "JAVA_VERSION":
            first, *rest = value.strip().strip('"').replace("-", ".").split(".")
            number = rest[0] if first == "1" and rest else first
            return int(number) if number.isdecimal() else 8
    return 8


def _current(home: Path) -> Platform | None:
    modules = home / "lib" / "modules"
    if modules.is_file():
        return ImagePlatform(modules)
    jmods = sorted((home / "jmods").glob("*.jmod"))
    if jmods:
        return IndexedPlatform(_index([(a, _jmod_name) for a in map(Archive, jmods)]))
    runtime = [j for j in (home / "jre/lib/rt.jar", home / "lib/rt.jar", home / "jre/lib/jce.jar", home / "lib/jce.jar") if j.is_file()]
    return IndexedPlatform(_index([(a, _jar_name) for a in map(Archive, runtime)])) if runtime else None


def _ct_sym(path: Path, release: int) -> Platform | None:
    if release >= len(_DIGITS):
        return None
    letter = _DIGITS[release]

    def name(entry: str) -> str | None:
        folder, _, rest = entry.partition("/")
        if letter not in folder or "-" in folder or not rest.endswith(".sig"):
            return None
        first, _, inner = rest.partition("/")
        # From JDK 12 on a module's folder stands between; package folders have no dot in their names.
        return (inner if "." in first else rest).removesuffix(".sig")

    classes = _index([(Archive(path), name)])
    return IndexedPlatform(classes) if "Object" in classes.get("java.lang", {}) else None


def _jmod_name(entry: str) -> str | None:
    return entry[len("classes/") : -len(".class")] if entry.startswith("classes/") and entry.endswith(".class") else None


def _jar_name(entry: str) -> str | None:
    return entry.removesuffix(".class") if entry.endswith(".class") else None


def _index(archives: list[tuple[Archive, Callable[[str], str | None]]]) -> dict[str, dict[str, tuple[Archive, str]]]:
    found: dict[str, dict[str, tuple[Archive, str]]] = {}
    for archive, name_of in archives:
        for entry in archive.entries:
            name = name_of(entry)
            if name:
                package, _, simple = name.rpartition("/")
                found.setdefault(package.replace("/", "."), {}).setdefault(simple, (archive, entry))
    return found


def _stubs(release: int, reason: str) -> FoundPlatform:
    message = f"{reason}; the packaged declarations of release {STUBS_RELEASE} are used, without the desktop's and the JDK's own modules"
    if release != STUBS_RELEASE:
        message += f", in place of those of release {release}"
    said = Diagnostic("java/platform-stubs", Severity.WARNING, message, help="install a JDK (17 or newer) and set JAVA_HOME")
    return FoundPlatform(StubPlatform(resource("grammars/java/stubs")), (said,))
