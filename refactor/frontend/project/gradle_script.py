"""Gradle build scripts (Groovy and Kotlin) as a tree of statements: enough to read what they state literally.

before: dependencies { implementation("g:a:1") { exclude(group = "x") } }
after:  Statement("dependencies", (Statement('implementation("g:a:1")', (Statement('exclude(group = "x")'),)),))
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_STRING = re.compile(r'"""(.*?)"""|"((?:\\.|[^"\\\n])*)"|\'((?:\\.|[^\'\\\n])*)\'', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its text without the block, and the statements of the block that follows it."""

    text: str
    body: tuple[Statement, ...] = ()

    @property
    def name(self) -> str:
        """The leading word: `implementation`, `sourceSets.main`, `java`."""
        found = re.match(r"[\w.]+", self.text)
        return found[0] if found else ""

    def strings(self) -> tuple[str, ...]:
        """Every string literal of the text, unquoted."""
        return tuple(next(g for g in m.groups() if g is not None) for m in _STRING.finditer(self.text))


def statements(script: str) -> tuple[Statement, ...]:
    """The top-level statements of a script. Unbalanced braces end the block they are in: nothing is raised."""
    return _Scanner(script).block()


def find(body: tuple[Statement, ...], *path: str) -> Iterator[Statement]:
    """All statements at a path of names: `find(script, "sourceSets", "main", "java")`; `sourceSets.main` counts as two."""
    for statement in body:
        names = _names(statement)
        if tuple(path[: len(names)]) == names:
            rest = path[len(names) :]
            if rest:
                yield from find(statement.body, *rest)
            else:
                yield statement


def _names(statement: Statement) -> tuple[str, ...]:
    """`test`, `tasks.test`, `tasks.named("test")`, `named<Test>("test")`, `val main by getting`, `getByName("main")`, `"main"`."""
    quoted = re.match(
        r"""(?:(\w+)\.)?(?:named|getByName|register|create|maybeCreate|withType)(?:<\w+>)?\s*\(\s*(?:["']([\w-]+)["'])?""", statement.text
    )
    if quoted and quoted[2]:
        return tuple(n for n in (quoted[1], quoted[2]) if n)
    delegated = re.match(r"val\s+(\w+)\s+by\b", statement.text)
    if delegated:
        return (delegated[1],)
    return tuple(statement.name.split(".")) if statement.name else ()


class _Scanner:
    def __init__(self, script: str) -> None:
        self._script = script
        self._at = 0

    def block(self) -> tuple[Statement, ...]:
        found: list[Statement] = []
        text: list[str] = []
        depth = 0

        def end(body: tuple[Statement, ...] = ()) -> None:
            words = " ".join("".join(text).split())
            if words or body:
                found.append(Statement(words, body))
            text.clear()

        script = self._script
        while self._at < len(script):
            char = script[self._at]
            if script.startswith("//", self._at):
                self._at = _end(script, "\n", self._at)
                continue
            if script.startswith("/*", self._at):
                self._at = _end(script, "*/", self._at) + 2
                continue
            if char in "\"'":
                literal = _STRING.match(script, self._at)
                if literal:
                    text.append(literal[0])
                    self._at = literal.end()
                    continue
            self._at += 1
            if char in "([":
                depth += 1
            elif char in ")]":
                depth -= 1
            elif char == "{" and depth <= 0:
                end(self.block())
                continue
            elif char == "}" and depth <= 0:
                break
            elif char in "\n;" and depth <= 0:
                if not _continues(text, script, self._at):
                    end()
                    continue
                char = " "
            text.append(char)
        end()
        return tuple(found)


def _end(script: str, sign: str, start: int) -> int:
    found = script.find(sign, start)
    return len(script) if found < 0 else found


def _continues(text: list[str], script: str, at: int) -> bool:
    """Whether the statement goes on in the next line: after a comma or an operator, or before a leading dot."""
    so_far = "".join(text).rstrip()
    return so_far.endswith((",", "=", "+", "(", "[")) or bool(re.match(r"\s*\.\w", script[at:]))
