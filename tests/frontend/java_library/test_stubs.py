"""The stubs of the platform say what a JDK's own class files say, and do for a machine without a JDK."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from refactor.frontend.java.classfile.platform import STUBS_RELEASE, find_platform
from refactor.frontend.java.classfile.pool import ClassFormatError
from refactor.frontend.java.classfile.reader import read_class
from refactor.frontend.java.classfile.stubs import StubPlatform, class_file
from refactor.frontend.java.files import JavaFile
from refactor.frontend.java.library import JavaLibrary
from refactor.frontend.java.program import load
from refactor.ir.symbols import ClassSymbol, Flags, Origin, Param
from refactor.support.resources import resource

PACKAGES = [
    "java.lang", "java.lang.invoke", "java.util", "java.util.concurrent", "java.util.function", "java.util.stream", "java.io", "java.math",
    "java.nio.file", "java.net.http", "java.sql", "java.time", "java.util.logging", "javax.management", "javax.sql", "org.w3c.dom",
]  # fmt: skip
STUBS = StubPlatform(resource("grammars/java/stubs"))


def plain(symbol: ClassSymbol) -> ClassSymbol:
    """Without what the stubs leave out: names of parameters, annotations of fields, and what only the implementation needs."""
    accessible = Flags.PUBLIC | Flags.PROTECTED
    implementation = Flags.SYNCHRONIZED | Flags.NATIVE | Flags.TRANSIENT
    fields = (
        # NaN is not equal to itself.
        replace(f, annotations=(), constant=repr(f.constant), flags=f.flags & ~implementation)
        for f in symbol.fields
        if f.flags & accessible
    )
    methods = (
        replace(m, annotations=(), flags=m.flags & ~implementation, params=tuple(Param("", p.type, ()) for p in m.params))
        for m in symbol.methods
        if m.flags & accessible
    )
    return replace(
        symbol,
        permits=(),
        annotations=(),
        members=tuple(sorted(symbol.members)),
        fields=tuple(sorted(fields, key=lambda f: f.name)),
        methods=tuple(sorted(methods, key=lambda m: m.key)),
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_the_stubs_declare_what_the_class_files_declare(package: str) -> None:
    jdk = find_platform(STUBS_RELEASE, None)
    if [d.id for d in jdk.diagnostics]:
        pytest.skip("no JDK with the declarations of the stubs' release")
    names = sorted(n for n in STUBS.packages[package] if not n.rpartition("$")[2].isdigit())
    assert len(names) > 3
    compared = 0
    for name in names:
        real = jdk.platform.read(package, name)
        stub = STUBS.read(package, name)
        assert stub is not None
        if real is None:
            continue
        ours, theirs = (plain(read_class(data, Origin.PLATFORM)) for data in (stub, real))
        if not theirs.flags & Flags.PUBLIC:
            continue
        compared += 1
        assert set(ours.members) <= set(theirs.members), name
        assert replace(ours, members=(), methods=()) == replace(theirs, members=(), methods=())
        mine, full = {m.key: m for m in ours.methods}, {m.key: m for m in theirs.methods}
        assert mine == full, name
    assert compared > len(names) / 3


def test_a_machine_without_a_jdk_has_the_stubs(tmp_path: Path) -> None:
    library = JavaLibrary([], 17, tmp_path)
    found = library.find("java.util.Map$Entry")
    assert found is not None
    assert [p.name for p in found.type_params] == ["K", "V"]
    assert library.find("java.util.concurrent.Future")
    assert library.find("java.awt.Button") is None
    assert [d.id for d in library.diagnostics] == ["java/platform-stubs"]
    assert "JAVA_HOME" in library.diagnostics[0].help


def test_a_program_read_without_a_jdk_says_so(tmp_path: Path) -> None:
    source = tmp_path / "A.java"
    source.write_text("class A { int f(java.util.List<String> x) { return x.get(0).length(); } }")
    program = load(tmp_path, [JavaFile("A.java", source, "m", Origin.MAIN)], JavaLibrary([], 17, tmp_path))
    assert [d.id for d in program.diagnostics] == ["java/platform-stubs"]
    assert {r.target for r in program.references["A.java"]} >= {"java.util.List#get(I)Ljava/lang/Object;", "java.lang.String#length()I"}


def test_constants_keep_every_bit() -> None:
    values = {}
    for name in ("Double", "Long", "Float", "ObjectStreamConstants", "Character"):
        data = STUBS.read("java.io" if name.startswith("Object") else "java.lang", name)
        assert data is not None
        values.update({f"{name}.{f.name}": f.constant for f in read_class(data, Origin.PLATFORM).fields})
    assert values["Double.MIN_VALUE"] == 5e-324
    assert values["Double.MAX_VALUE"] == 1.7976931348623157e308
    assert values["Long.MIN_VALUE"] == -(2**63)
    assert values["Character.MAX_VALUE"] == "\uffff"
    assert values["ObjectStreamConstants.STREAM_MAGIC"] == -21267


def test_a_broken_stub_is_no_class_file() -> None:
    with pytest.raises(ClassFormatError):
        class_file("p", ["c\tA\tnot hexadecimal"])
