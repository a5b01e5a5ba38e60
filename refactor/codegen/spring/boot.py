"""Which Spring Boot the services stand on, and the runtime's adapter as that line needs it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from refactor.frontend.project.model import Project

NEWEST_BOOT = "4.0.9"
"""The newest line that runs on Java 17; used where the monolith brings no Spring of its own."""
_LINES = ((6, 0, "2.7.18"), (6, 1, "3.1.12"), (6, 2, "3.3.13"), (7, 0, "3.5.7"))
"""The last Boot for a Spring Framework below (major, minor): another line would take another Spring to the monolith's code."""


@dataclass(frozen=True, slots=True)
class Boot:
    """The Spring Boot of the emitted services. `own`: it is the monolith's, whose configuration is left alone."""

    version: str
    own: bool

    @property
    def javax(self) -> bool:
        """Whether it is of a line from before the servlet API was renamed."""
        return int(self.version.partition(".")[0]) < 3


def boot_line(project: Project) -> Boot:
    """The monolith's own Boot, else the one for its Spring Framework, else the newest that this target supports."""
    own = next((m.spring_boot for m in project.modules if m.spring_boot), None)
    if own:
        return Boot(own, True)
    spring = min(_spring_versions(project), default=None)
    line = next((boot for major, minor, boot in _LINES if spring is not None and spring < (major, minor)), NEWEST_BOOT)
    return Boot(line, False)


def adapted(boot: Boot, path: str, data: bytes) -> bytes:
    """before: a file of the runtime   after: the same, or for an older Boot with that line's servlet API"""
    if not boot.javax:
        return data
    if path == "pom.xml":
        return re.sub(rb"(<boot\.version>)[^<]*", rb"\g<1>" + boot.version.encode(), data)
    if path.startswith("spring/") and path.endswith(".java"):
        return data.replace(b"jakarta.servlet", b"javax.servlet").replace(b"jakarta.annotation", b"javax.annotation")
    return data


def _spring_versions(project: Project) -> list[tuple[int, int]]:
    found = []
    for module in project.modules:
        for dependency in module.dependencies:
            number = re.match(r"(\d+)\.(\d+)", dependency.version)
            if dependency.group == "org.springframework" and number is not None:
                found.append((int(number[1]), int(number[2])))
    return found
