"""Copies of a project: what they have, what they leave out, and the project that they are."""

from __future__ import annotations

from pathlib import Path

from refactor.frontend.project.copies import copy_with, rebased
from refactor.frontend.project.discover import discover

POM = "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version></project>"
FILES = {
    "pom.xml": POM,
    "src/main/java/a/A.java": "package a; class A { }",
    "src/main/resources/target/text.txt": "a folder of the sources may have the name of an output",
    "target/classes/a/A.class": "",
    ".git/HEAD": "",
    "notes.txt": "kept",
}


def test_a_copy_has_all_but_build_output_and_version_control(tmp_path: Path) -> None:
    root, folder = tmp_path / "project", tmp_path / "copy"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    project = discover(str(root))
    copy_with(project, {"src/main/java/a/B.java": b"package a; class B { }"}, folder)
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found == {*FILES, "src/main/java/a/B.java"} - {"target/classes/a/A.class", ".git/HEAD"}
    moved = rebased(project, folder)
    assert moved.root == folder
    assert [m.main.java for m in moved.modules] == [(folder / "src/main/java",)]
    assert list(moved.java_files()) == [(m, t, p) for m, (_, t, p) in zip(moved.modules, project.java_files(), strict=True)]


def test_files_of_editors_agents_and_ci_are_not_the_program_s(tmp_path: Path) -> None:
    root, folder = tmp_path / "project", tmp_path / "copy"
    tools = (".vscode/settings.json", "AGENTS.md", "CLAUDE.md", ".github/workflows/ci.yml", ".gitlab-ci.yml", "Jenkinsfile", ".gitignore")
    program = {
        "src/main/resources/AGENTS.md": "a resource of the program may have any name",
        "src/test/java/a/T.java": 'package a; class T { String read = ".editorconfig"; }',
        ".editorconfig": "a test reads it",
    }
    for path, text in ({**FILES, **program} | dict.fromkeys(tools, "")).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    copy_with(discover(str(root)), {}, folder)
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found == {*FILES, *program} - {"target/classes/a/A.class", ".git/HEAD"}
