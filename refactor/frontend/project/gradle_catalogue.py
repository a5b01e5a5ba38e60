"""Gradle version catalogues: what `libs.spring.boot` stands for.

before: gradle/libs.versions.toml  [libraries] spring-boot = { module = "g:spring-boot", version.ref = "boot" }
after:  {"libs.spring.boot": ("g:spring-boot:3.2.0",)}
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from refactor.frontend.project.sources import Findings


def read_catalogues(root: Path, findings: Findings) -> dict[str, tuple[str, ...]]:
    """Accessor -> coordinates, for libraries (one) and bundles (several); plug-ins below `<catalogue>.plugins.`."""
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted((root / "gradle").glob("*.versions.toml")):
        try:
            data = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            findings.add("malformed-catalogue", f"{findings.shown(file)} cannot be read: {error}")
            continue
        name = file.name.removesuffix(".versions.toml")
        versions = {k: _version(v, {}) for k, v in data.get("versions", {}).items()}
        libraries = {k: _library(v, versions) for k, v in data.get("libraries", {}).items()}
        for alias, coordinates in libraries.items():
            found[f"{name}.{accessor(alias)}"] = (coordinates,)
        for alias, members in data.get("bundles", {}).items():
            found[f"{name}.bundles.{accessor(alias)}"] = tuple(libraries[m] for m in members if m in libraries)
        for alias, plugin in data.get("plugins", {}).items():
            found[f"{name}.plugins.{accessor(alias)}"] = (_plugin(plugin, versions),)
    return found


def accessor(alias: str) -> str:
    """before: "spring-boot_starter"  after: "spring.boot.starter"."""
    return re.sub(r"[-_]", ".", alias)


def _version(value: object, versions: dict[str, str]) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        if "ref" in value:
            return versions.get(str(value["ref"]), "")
        return next((str(value[k]) for k in ("strictly", "require", "prefer") if k in value), "")
    return ""


def _library(value: object, versions: dict[str, str]) -> str:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return ""
    module = value.get("module") or f"{value.get('group', '')}:{value.get('name', '')}"
    version = _version(value.get("version", ""), versions)
    return f"{module}:{version}" if version else str(module)


def _plugin(value: object, versions: dict[str, str]) -> str:
    if isinstance(value, str):
        return value
    return f"{value.get('id', '')}:{_version(value.get('version', ''), versions)}" if isinstance(value, dict) else ""
