"""The plug-ins that a Gradle module applies, with their versions, and the libraries that they bring along.

before: plugins { id 'io.freefair.lombok' version '9.5.0' }
after:  {"io.freefair.lombok": "9.5.0"}; `compileOnly 'org.projectlombok:lombok'`, ..
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from refactor.frontend.project.gradle_script import Statement, find


@dataclass(frozen=True, slots=True)
class _Known:
    artifact: str
    adds: tuple[str, ...] = ()
    library: str = ""
    block: str = ""
    default: str = ""


@cache
def _known() -> dict[str, _Known]:
    data = tomllib.loads(Path(__file__).with_name("gradle-plugins.toml").read_text(encoding="utf-8"))
    return {
        p["id"]: _Known(p["artifact"], tuple(p.get("adds", ())), p.get("library", ""), p.get("block", ""), p.get("default", ""))
        for p in data["plugin"]
    }


def stated_versions(
    root_script: tuple[Statement, ...],
    settings: tuple[Statement, ...],
    catalogue: Mapping[str, tuple[str, ...]],
    filled: Callable[[str], str],
) -> dict[str, str]:
    """Versions by plug-in that modules share: of the root's `plugins` (also with `apply false`), `pluginManagement`, `buildscript`."""
    managed = (s for m in find(settings, "pluginManagement", "plugins") for s in m.body)
    named = _named((*managed, *(s for b in find(root_script, "plugins") for s in b.body)), catalogue)
    found = {identity: filled(version) for _, identity, version in named if version}
    artifacts = {known.artifact: identity for identity, known in _known().items()}
    for statement in (s for b in find(root_script, "buildscript", "dependencies") for s in b.body):
        for text in statement.strings():
            group, _, rest = filled(text).partition(":")
            artifact, _, version = rest.partition(":")
            identity = artifacts.get(f"{group}:{artifact}") or (group if artifact == f"{group}.gradle.plugin" else "")
            if identity and version:
                found.setdefault(identity, version)
    return found


def applied(
    script: tuple[Statement, ...], shared: Mapping[str, str], catalogue: Mapping[str, tuple[str, ...]], filled: Callable[[str], str]
) -> dict[str, str]:
    """Plug-in -> version ("" if nothing states it). `apply false` only states a version for others."""
    listed = (*(s for b in find(script, "plugins") for s in b.body), *find(script, "apply"))
    found: dict[str, str] = {}
    for statement, identity, version in _named(listed, catalogue):
        if re.search(r"\bapply\s*\(?\s*false\b", statement.text):
            continue
        found[identity] = filled(version) or found.get(identity, "") or shared.get(identity, "")
    return found


def brought(plugins: Iterable[str], script: tuple[Statement, ...], platforms: bool, filled: Callable[[str], str]) -> tuple[Statement, ...]:
    """What the plug-ins add to `dependencies`, as statements. A platform's version counts where the script has none (`platforms`)."""
    found: list[Statement] = []
    for identity in plugins:
        known = _known().get(identity)
        if known is None or not known.adds:
            continue
        stated = [s.strings()[0] for b in find(script, known.block) for s in b.body if re.match(r"version\b", s.text) and s.strings()]
        version = filled(stated[-1]) if stated else "" if platforms else known.default
        coordinates = f"{known.library}:{version}" if version else known.library
        found += [Statement(f'{configuration}("{coordinates}")') for configuration in known.adds]
    return tuple(found)


def _named(listed: Iterable[Statement], catalogue: Mapping[str, tuple[str, ...]]) -> list[tuple[Statement, str, str]]:
    """before: id 'a' version '1'; alias(libs.plugins.b); kotlin("jvm"); `java`   after: (.., "a", "1"), .."""
    found: list[tuple[Statement, str, str]] = []
    for statement in listed:
        text, strings = statement.text, statement.strings()
        alias = re.match(r"alias\s*\(?\s*([\w.]+)", text)
        if alias:
            identity, _, version = catalogue.get(alias[1], ("",))[0].partition(":")
        elif strings:
            identity = ("org.jetbrains.kotlin." if text.startswith("kotlin(") else "") + strings[0]
            version = strings[1] if len(strings) > 1 else _bare_version(text)
        else:
            bare = re.match(r"^(?:`([\w-]+)`|([\w-]+))$", text)
            identity, version = (bare[1] or bare[2], "") if bare else ("", "")
        if identity:
            found.append((statement, identity, version))
    return found


def _bare_version(text: str) -> str:
    """The variable of `id("a") version bootVersion`, as a template."""
    variable = re.search(r"\bversion\s*\(?\s*([A-Za-z_][\w.]*)", text)
    return f"${{{variable[1]}}}" if variable else ""
