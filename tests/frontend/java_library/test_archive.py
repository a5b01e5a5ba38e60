"""Class paths: which jar answers, newer versions of a class, jars that are not in order."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from refactor.frontend.java.classfile.archive import Archive, ClassArchive
from refactor.frontend.java.library import JavaLibrary
from refactor.ir.symbols import Origin


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three class folders: `one` and `two` with the same class q.A, `odd` with a class of the platform's package."""
    root = tmp_path_factory.mktemp("classes")
    sources = {
        "one/q/A.java": "package q; public class A { public int one; }",
        "one/q/r/Über.java": "package q.r; public class Über { public static class Inner {} }",
        "two/q/A.java": "package q; public class A { public int two; }",
        "two/q/B.java": "package q; public class B extends A { }",
    }
    for name, text in sources.items():
        file = root / "src" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for part in ("one", "two"):
        files = [str(f) for f in (root / "src" / part).rglob("*.java")]
        command = ["javac", "-encoding", "UTF-8", "-d", str(root / part), *files]
        subprocess.run(command, check=True, capture_output=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
    return root


def jar(path: Path, folders: dict[str, Path], manifest: str = "Manifest-Version: 1.0\n", stored: bool = False) -> Path:
    """A jar whose entries are the files of `folders`, each below its prefix."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/MANIFEST.MF", manifest)
        archive.writestr("META-INF/", "")
        for prefix, folder in folders.items():
            for file in sorted(folder.rglob("*.class")):
                archive.write(file, prefix + file.relative_to(folder).as_posix())
        archive.writestr("notes.class.txt", "no class")
    return path


def field_of(library: JavaLibrary, name: str) -> list[str]:
    symbol = library.find(name)
    assert symbol is not None
    return [f.name for f in symbol.fields]


def test_the_first_jar_of_the_class_path_answers(classes: Path, tmp_path: Path) -> None:
    one, two = jar(tmp_path / "one.jar", {"": classes / "one"}), jar(tmp_path / "two.jar", {"": classes / "two"}, stored=True)
    assert field_of(JavaLibrary([one, two]), "q.A") == ["one"]
    library = JavaLibrary([two, one])
    assert field_of(library, "q.A") == ["two"]
    assert library.jar_of("q.A") == two
    assert library.jar_of("q.r.Über$Inner") == one
    assert library.origin("q.B") is Origin.LIBRARY


def test_packages_of_jars(classes: Path, tmp_path: Path) -> None:
    library = JavaLibrary([jar(tmp_path / "one.jar", {"": classes / "one"}), classes / "two"])
    assert library.package_exists("q")
    assert library.package_exists("q.r")
    assert not library.package_exists("q.A")
    assert library.classes_in_package("q") == {"A", "B"}
    assert library.classes_in_package("q.r") == {"Über"}


@pytest.mark.parametrize(
    ("release", "multi", "expected"), [(8, "true", "one"), (11, "true", "two"), (17, "true", "two"), (17, "false", "one")]
)
def test_multi_release(classes: Path, tmp_path: Path, release: int, multi: str, expected: str) -> None:
    manifest = f"Manifest-Version: 1.0\nMulti-Release: {multi}\n"
    path = jar(tmp_path / "multi.jar", {"": classes / "one", "META-INF/versions/11/": classes / "two"}, manifest)
    library = JavaLibrary([path], release)
    assert field_of(library, "q.A") == [expected]
    assert (library.find("q.B") is not None) is (expected == "two")
    assert not any(name.startswith(b"META-INF") for name in ClassArchive(path, release).names)


def test_names_are_those_of_the_zip_file(classes: Path, tmp_path: Path) -> None:
    path = jar(tmp_path / "one.jar", {"": classes / "one"})
    with zipfile.ZipFile(path) as archive:
        expected = [n for n in archive.namelist() if not n.endswith("/")]
        assert list(Archive(path).entries) == expected
        assert {n + b".class" for n in ClassArchive(path, 17).names} == {n.encode() for n in expected if n.endswith(".class")}
        for name in expected:
            assert Archive(path).read(name) == archive.read(name)


def test_bytes_in_front_of_the_archive(classes: Path, tmp_path: Path) -> None:
    plain = jar(tmp_path / "plain.jar", {"": classes / "one"})
    launcher = tmp_path / "launcher.jar"
    launcher.write_bytes(b"#!/bin/sh\nexec java -jar $0\n" + plain.read_bytes())
    assert field_of(JavaLibrary([launcher]), "q.A") == ["one"]


def test_broken_jars_are_said_and_passed_over(classes: Path, tmp_path: Path) -> None:
    broken, empty, missing = tmp_path / "broken.jar", tmp_path / "empty.jar", tmp_path / "missing.jar"
    broken.write_bytes(b"this is not a jar")
    empty.write_bytes(b"")
    library = JavaLibrary([broken, empty, missing, classes / "one"])
    assert field_of(library, "q.A") == ["one"]
    assert [d.id for d in library.diagnostics] == ["java/broken-jar"] * 3
    assert {d.message.split()[0] for d in library.diagnostics} == {"broken.jar", "empty.jar", "missing.jar"}


def test_broken_class_files_are_said(classes: Path, tmp_path: Path) -> None:
    folder = tmp_path / "classes"
    shutil.copytree(classes / "one", folder)
    data = (folder / "q/A.class").read_bytes()
    (folder / "q/A.class").write_bytes(data[: len(data) // 2])
    library = JavaLibrary([folder])
    assert library.find("q.A") is None
    assert library.find("q.A") is None
    assert [d.id for d in library.diagnostics] == ["java/broken-class-file"]
    assert "q.A" in library.diagnostics[0].message


def test_members_on_demand_are_those_of_the_whole(classes: Path) -> None:
    library = JavaLibrary([classes / "one"])
    for name in ("java.util.HashMap", "java.util.stream.Stream", "java.lang.Integer", "java.util.concurrent.TimeUnit", "q.A"):
        opened, whole = library.open(name), library.find(name)
        assert opened is not None
        assert whole is not None
        assert [m for name in opened.methods for m in opened.methods[name]] == sorted(
            whole.methods, key=lambda m: list(opened.methods).index(m.name)
        )
        assert list(opened.fields.values()) == list(whole.fields)
        assert opened.methods.get("nowhere") is None
        assert (opened.header.name, opened.header.superclass) == (whole.name, whole.superclass)
        assert opened.header.methods == ()
