"""Management as a person would write it: Boot's bill of materials, and only what the monolith has otherwise.

before: 120 managed libraries, 113 of them as spring-boot-dependencies 3.3.13 has them; spring-web 6.1.21 among the dependencies
after:  7 managed libraries and the import of spring-boot-dependencies 3.3.13; spring-web without a version
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from refactor.codegen.spring.boot import Boot
from refactor.frontend.project.jdk import default_jdk
from refactor.frontend.project.model import Dependency
from refactor.frontend.project.pomxml import children, read_dependency
from refactor.frontend.project.sources import Findings
from refactor.frontend.project.static_pom import StaticReader, repository_pom
from refactor.support.diagnostics import RefactorError

Key = tuple[str, str, str, str]
_BOM = ("org.springframework.boot", "spring-boot-dependencies")


def by_platform(
    boot: Boot | None, dependencies: Sequence[Dependency], managed: Sequence[Dependency]
) -> tuple[list[Dependency], list[Dependency]]:
    """Dependencies and management that mean the same; as they are where the monolith is on no Boot, or its bill cannot be read here."""
    bom = Dependency(*_BOM, boot.version, scope="import", type="pom") if boot is not None and boot.own else None
    path = repository_pom(f"{bom.group}:{bom.artifact}:{bom.version}") if bom is not None else None
    if bom is None or path is None or any(d.key == bom.key for d in managed):
        return list(dependencies), list(managed)
    known = _managed_by(path)
    own = [d for d in managed if (there := known.get(d.key)) is None or not _same(d, there)]
    said = {d.key for d in own}
    short = [
        replace(d, version="") if d.key not in said and (there := known.get(d.key)) is not None and there.version == d.version else d
        for d in dependencies
    ]
    return short, [*own, bom]


@lru_cache(maxsize=8)
def _managed_by(path: Path) -> Mapping[Key, Dependency]:
    """What a bill of materials in the local repository manages, as far as the bills that it imports are there, too."""
    reader = StaticReader(Findings(path.parent), {}, default_jdk(), report_missing=False)
    try:
        pom, _ = reader.effective(path)
    except RefactorError:
        return {}
    found: dict[Key, Dependency] = {}
    for element in children(pom, "dependencyManagement/dependencies/dependency"):
        dependency = read_dependency(element)
        found.setdefault(dependency.key, dependency)
    return {key: d for key, d in found.items() if d.version and "$" not in d.version}


def _same(one: Dependency, other: Dependency) -> bool:
    mine, theirs = ((d.version, d.scope, set(d.exclusions), d.optional) for d in (one, other))
    return mine == theirs
