"""Signatures of all classes outside the application: dependencies from jars, the platform from a JDK.

`JavaLibrary(jars, release).find("java.util.Map$Entry")` decodes that one class file when first asked and keeps the symbol.
`open(..)` decodes no member before its name is asked for. No cache on disk: decoding a class costs about twice what
unpickling its symbol would (1 ms for the largest, 0.2 ms on average), and `open` less than either.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from refactor.frontend.java.classfile.archive import ArchiveError, ClassArchive
from refactor.frontend.java.classfile.platform import FoundPlatform, Platform, find_platform, package_prefixes
from refactor.frontend.java.classfile.pool import ClassFormatError
from refactor.frontend.java.classfile.reader import OpenedClass, open_class
from refactor.ir.program import Library
from refactor.ir.symbols import ClassSymbol, Origin
from refactor.support.diagnostics import Diagnostic, Severity

# A package that the platform exports hides the same package of the class path; a hidden package of the platform does not.
_EXPORTED = ("java.", "javax.", "org.w3c.", "org.xml.", "org.ietf.")


class JavaLibrary(Library):
    """`jars`: the class path in order, jars and class folders. Without `java_home` the machine's JDK is used."""

    def __init__(self, jars: Sequence[Path], release: int = 17, java_home: Path | None = None) -> None:
        self.jars = tuple(jars)
        self.release = release
        self._java_home = java_home
        self._classes: dict[str, ClassSymbol | None] = {}
        self._opened: dict[str, OpenedClass | None] = {}
        self._said: list[Diagnostic] = []

    def find(self, name: str) -> ClassSymbol | None:
        """The class by its binary name, or None."""
        try:
            return self._classes[name]
        except KeyError:
            found = self._classes[name] = self._whole(name)
            return found

    def open(self, name: str) -> OpenedClass | None:
        """The class with its members decoded only when their names are asked for: what a resolver needs, at a fifth of the cost."""
        try:
            return self._opened[name]
        except KeyError:
            found = self._opened[name] = self._load(name)
            return found

    def package_exists(self, package: str) -> bool:
        """Whether it is a package of a jar or of the platform, or the leading part of one (`org`, `org.apache`)."""
        return package in self._jar_prefixes or self._platform.has_prefix(package)

    def classes_in_package(self, package: str) -> frozenset[str]:
        """The simple names of the package's top-level classes. A name with `$` inside counts as that of a nested class."""
        names: set[str] = set()
        if package in self._jar_packages:
            prefix = _path(package + ".") if package else b""
            simples = (name[len(prefix) :] for name in self._jar_index if name.startswith(prefix))
            names.update(simple.decode("utf-8", "replace") for simple in simples if b"/" not in simple)
        if self._platform.has_package(package):
            names.update(self._platform.packages.get(package, {}))
        return frozenset(n for n in names if "$" not in n[1:] and not n.endswith("-info"))

    def origin(self, name: str) -> Origin | None:
        """LIBRARY or PLATFORM, or None where there is no such class."""
        opened = self.open(name)
        return opened.header.origin if opened else None

    def jar_of(self, name: str) -> Path | None:
        """The jar or class folder that answers for the class; None for the platform's and unknown ones."""
        return self._jar_index[_path(name)].path if self.origin(name) is Origin.LIBRARY else None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What could not be read so far: no platform, broken jars or class files."""
        return (*self._found_platform.diagnostics, *self._said)

    @cached_property
    def _found_platform(self) -> FoundPlatform:
        return find_platform(self.release, self._java_home)

    @property
    def _platform(self) -> Platform:
        return self._found_platform.platform

    @cached_property
    def _jar_index(self) -> dict[bytes, ClassArchive]:
        """`com/shop/Order$Line` -> the first archive of the class path that holds it."""
        found: dict[bytes, ClassArchive] = {}
        for jar in reversed(self.jars):
            try:
                archive = ClassArchive(jar, self.release)
            except (OSError, ArchiveError) as error:
                self._said.append(Diagnostic("java/broken-jar", Severity.WARNING, f"{jar.name} cannot be read: {error}"))
                continue
            found.update(dict.fromkeys(archive.names, archive))
        return found

    @cached_property
    def _jar_packages(self) -> frozenset[str]:
        packages = {name.rpartition(b"/")[0] for name in self._jar_index}
        return frozenset(package.decode("utf-8", "replace").replace("/", ".") for package in packages)

    @cached_property
    def _jar_prefixes(self) -> frozenset[str]:
        return package_prefixes(self._jar_packages)

    def _whole(self, name: str) -> ClassSymbol | None:
        opened = self.open(name)
        if opened is None:
            return None
        try:
            return opened.symbol()
        except ClassFormatError as error:
            self._broken(name, error)
            return None

    def _load(self, name: str) -> OpenedClass | None:
        package, _, simple = name.rpartition(".")
        sources = (self._from_platform, self._from_jars) if name.startswith(_EXPORTED) else (self._from_jars, self._from_platform)
        for source in sources:
            found = source(name, package, simple)
            if found is not None:
                return found
        return None

    def _from_platform(self, name: str, package: str, simple: str) -> OpenedClass | None:
        data = self._platform.read(package, simple)
        return self._decode(name, data, Origin.PLATFORM) if data else None

    def _from_jars(self, name: str, package: str, simple: str) -> OpenedClass | None:
        archive = self._jar_index.get(_path(name))
        if archive is None:
            return None
        try:
            data = archive.read(_path(name))
        except (OSError, ArchiveError) as error:
            self._broken(name, error)
            return None
        return self._decode(name, data, Origin.LIBRARY)

    def _decode(self, name: str, data: bytes, origin: Origin) -> OpenedClass | None:
        try:
            opened = open_class(data, origin, find=self._header, broken=lambda error: self._broken(name, error))
        except ClassFormatError as error:
            self._broken(name, error)
            return None
        # On a file system that ignores case, or with a misplaced class file, the content may be another class.
        return opened if opened.header.name == name else None

    def _header(self, name: str) -> ClassSymbol | None:
        opened = self.open(name)
        return opened.header if opened else None

    def _broken(self, name: str, error: Exception) -> None:
        self._said.append(Diagnostic("java/broken-class-file", Severity.WARNING, f"{name} cannot be read: {error}"))


def _path(name: str) -> bytes:
    return name.replace(".", "/").encode()
