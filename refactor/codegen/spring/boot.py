"""Which Spring Boot the services stand on, and the runtime's adapter as that line needs it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from refactor.frontend.project.model import Project
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

NEWEST_BOOT = "4.0.9"
"""The newest line that runs on Java 17; used where the monolith brings no Spring of its own."""
_LINES = ((6, 0, "2.7.18"), (6, 1, "3.1.12"), (6, 2, "3.3.13"), (7, 0, "3.5.7"))
"""The last Boot for a Spring Framework below (major, minor): another line would take another Spring to the monolith's code."""

_OLDEST = (2, 5, 0)
"""The first Boot whose Spring (5.3) reads class files of Java 17, which the runtime's are."""
_FACTORIES = "spring/src/main/resources/META-INF/spring.factories"
_ADAPTER = "refactor.runtime.spring.RefactorAutoConfiguration"


@dataclass(frozen=True, slots=True)
class Boot:
    """The Spring Boot of the emitted services. `own`: it is the monolith's, whose configuration is left alone."""

    version: str
    own: bool

    @property
    def number(self) -> tuple[int, ...]:
        return tuple(int(n) for n in re.findall(r"\d+", self.version)[:3])

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


def check_boot(project: Project) -> None:
    """Raises RefactorError (exit code 1) where the monolith's own Spring Boot is too old to host the services."""
    boot = boot_line(project)
    if boot.own and boot.number < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        message = f"the monolith is on Spring Boot {boot.version}, which cannot run the services: they are built for Java 17"
        help_ = f"move it to Spring Boot {oldest} or later first; nothing is emitted"
        raise RefactorError([Diagnostic("codegen/spring-boot-too-old", Severity.ERROR, message, help=help_)], 1)


def adapted(boot: Boot, path: str, data: bytes) -> bytes:
    """before: a file of the runtime   after: the same, or for an older Boot with that line's servlet API"""
    if not boot.javax:
        return data
    if path == "pom.xml":
        return re.sub(rb"(<boot\.version>)[^<]*", rb"\g<1>" + boot.version.encode(), data)
    if path == _FACTORIES and boot.number < (2, 7):
        return data.rstrip() + f"\norg.springframework.boot.autoconfigure.EnableAutoConfiguration={_ADAPTER}\n".encode()
    if path.startswith("spring/") and path.endswith(".java"):
        data = data.replace(b"jakarta.servlet", b"javax.servlet").replace(b"jakarta.annotation", b"javax.annotation")
        if boot.number < (2, 7):
            data = data.replace(b"import org.springframework.boot.autoconfigure.AutoConfiguration;\n", b"")
            data = data.replace(b"\n@AutoConfiguration\n", b"\n@Configuration(proxyBeanMethods = false)\n")
        if boot.number < (2, 5, 8) or (2, 6) <= boot.number < (2, 6, 2):
            data = data.replace(b"mapping.getBuilderConfiguration()", b"Routes.options(mapping)")
            if path.endswith("/Routes.java"):
                data = data.replace(b"    private Routes() {}\n", b"    private Routes() {}\n" + _OPTIONS, 1)
    return data


_OPTIONS = b"""
    /** What `RequestMappingInfoHandlerMapping.getBuilderConfiguration` gives from Spring 5.3.14 on. */
    static RequestMappingInfo.BuilderConfiguration options(RequestMappingHandlerMapping mapping) {
        RequestMappingInfo.BuilderConfiguration options = new RequestMappingInfo.BuilderConfiguration();
        if (mapping.getPatternParser() != null) {
            options.setPatternParser(mapping.getPatternParser());
        } else {
            options.setPathMatcher(mapping.getPathMatcher());
            options.setTrailingSlashMatch(mapping.useTrailingSlashMatch());
            options.setSuffixPatternMatch(false);
        }
        options.setContentNegotiationManager(mapping.getContentNegotiationManager());
        return options;
    }
"""


def _spring_versions(project: Project) -> list[tuple[int, int]]:
    found = []
    for module in project.modules:
        for dependency in module.dependencies:
            number = re.match(r"(\d+)\.(\d+)", dependency.version)
            if dependency.group == "org.springframework" and number is not None:
                found.append((int(number[1]), int(number[2])))
    return found
