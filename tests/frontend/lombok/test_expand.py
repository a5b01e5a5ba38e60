"""Lombok's annotations written out: text, lines, settings, and what is told instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.frontend.lombok.written import write_out
from refactor.frontend.project.model import Module, Project, SourceSet
from refactor.frontend.project.pom import oracle_files
from refactor.support.diagnostics import Severity


def project_of(root: Path, text: str, settings: str = "") -> Project:
    folder = root / "src/main/java"
    folder.mkdir(parents=True)
    (folder / "A.java").write_text(text, encoding="utf-8")
    if settings:
        (root / "lombok.config").write_text(settings, encoding="utf-8")
    module = Module("m", ".", "g", "m", "1", "jar", 17, 17, "UTF-8", SourceSet((folder,), (), ("src/main/java/A.java",)), SourceSet())
    return Project("p", root, str(root), "maven", (module,))


def written(tmp_path: Path, text: str, settings: str = "") -> str:
    done = write_out(project_of(tmp_path / "p", text, settings), tmp_path / "cache")
    assert [d for d in done.diagnostics if d.severity is Severity.ERROR] == []
    return (done.root / "src/main/java/A.java").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import lombok.*;\n@Getter class A { boolean isOpen; }", "public boolean isOpen() { return this.isOpen; }"),
        ("import lombok.Setter;\nclass A { @Setter int x; final int y = 1; }", "public void setX(final int x) { this.x = x; }"),
        ("import lombok.*;\n@RequiredArgsConstructor class A { final B b; int c; }", "public A(final B b) { this.b = b; }"),
        ("import lombok.*;\n@Value class A { int x; }", "final class A { private final int x;"),
        ("import lombok.extern.slf4j.Slf4j;\n@Slf4j class A { }", "class A { private static final org.slf4j.Logger log = "),
        ("import lombok.extern.slf4j.*;\n@Slf4j enum A { X }", "enum A { X ; private static final org.slf4j.Logger log = "),
        ("import lombok.*;\nclass A { void f(@NonNull B b) { } }", 'if (b == null) { throw new java.lang.NullPointer'),
        ("import lombok.val;\nclass A { void f() { val x = 1; } }", "final var x = 1;"),
        ("import lombok.*;\n@AllArgsConstructor(onConstructor = @__(@Deprecated)) class A { int x; }", "@Deprecated public A(final int x)"),
        ("import lombok.*;\n@ToString class A { int x; }", 'return "A(" + "x=" + this.x + ")";'),
    ],
)
def test_members_are_written_out(tmp_path: Path, text: str, expected: str) -> None:
    after = written(tmp_path, text)
    assert expected in " ".join(after.split())
    assert "lombok" not in after


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("NullPointerException", 'if (b == null) { throw new java.lang.NullPointerException("b is marked'),
        ("IllegalArgumentException", 'if (b == null) { throw new java.lang.IllegalArgumentException("b is marked'),
        ("JDK", 'java.util.Objects.requireNonNull(b, "b is marked non-null but is null");'),
        ("Guava", 'com.google.common.base.Preconditions.checkNotNull(b, "b is marked non-null but is null");'),
        ("Assertion", 'assert b != null : "b is marked non-null but is null";'),
    ],
)
def test_checks_are_those_of_the_setting(tmp_path: Path, value: str, expected: str) -> None:
    texts = ["class A { void f(@NonNull B b) { } }", "@Setter class A { @NonNull B b; }", "@AllArgsConstructor class A { @NonNull B b; }",
             "@Builder class A { @NonNull B b; }", "@With @AllArgsConstructor class A { final B a; @NonNull B b; }"]  # fmt: skip
    for at, text in enumerate(texts):
        after = written(tmp_path / str(at), f"import lombok.*;\n{text}", f"lombok.nonNull.exceptionType = {value}")
        assert expected in " ".join(after.split())


def test_a_value_that_nobody_knows_is_told(tmp_path: Path) -> None:
    text = "import lombok.*;\n@Getter class A { int x; }"
    done = write_out(project_of(tmp_path / "p", text, "lombok.nonNull.exceptionType = Own"), tmp_path)
    assert [d.id for d in done.diagnostics if d.severity is Severity.ERROR] == ["lombok/setting"]


def test_lines_stay_what_they_were(tmp_path: Path) -> None:
    text = "import lombok.Builder;\n\n@Builder(\n  toBuilder = true)\nclass A {\n"
    text += "  int x;\n  @Builder.Default\n  int y =\n    2;\n  int last;\n}\nclass B { }\n"
    after = written(tmp_path, text).splitlines()
    assert len(after) == len(text.splitlines())
    assert after[9].strip() == "int last;"
    assert after[11] == "class B { }"


def test_settings_are_read_from_the_folders_above(tmp_path: Path) -> None:
    settings = "lombok.log.fieldName = LOG\nlombok.copyableAnnotations += x.Named\nlombok.addLombokGeneratedAnnotation = true\n"
    text = 'import lombok.*;\nimport x.Named;\n@lombok.extern.java.Log @RequiredArgsConstructor class A { @Named("n") final String s; }'
    after = written(tmp_path, text, settings)
    assert "java.util.logging.Logger LOG = " in after
    assert 'public A(@Named("n") final String s)' in after


@pytest.mark.parametrize(
    "text",
    ["import lombok.experimental.SuperBuilder;\n@SuperBuilder class A { }",
     "import lombok.*;\nclass A { @Getter(lazy = true) final int x = 1; }",
     "import lombok.*;\nclass A { void f() throws Exception { @Cleanup B b = new B(); } }",
     "import lombok.*;\nclass A { void f() { @Getter class L { int x; } } }"],
)  # fmt: skip
def test_what_is_not_read_is_told(tmp_path: Path, text: str) -> None:
    done = write_out(project_of(tmp_path / "p", text), tmp_path / "cache")
    errors = [d for d in done.diagnostics if d.severity is Severity.ERROR]
    assert [d.id for d in errors] == ["lombok/unread"]
    assert errors[0].span is not None
    assert errors[0].span.line == 2


def test_the_monolith_that_is_compared_with_is_the_users_own(tmp_path: Path) -> None:
    text = "import lombok.*;\n@Getter class A { int x; }"
    given = project_of(tmp_path / "p", text)
    done = write_out(given, tmp_path / "cache")
    assert done.root != given.root
    assert oracle_files(done)["src/main/java/A.java"].decode() == text
    assert (given.root / "src/main/java/A.java").read_text(encoding="utf-8") == text


def test_a_project_without_lombok_is_the_same_object(tmp_path: Path) -> None:
    given = project_of(tmp_path / "p", "class A { String lombok; }")
    assert write_out(given, tmp_path / "cache") is given
