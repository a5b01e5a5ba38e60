"""From (Project, Program, Plan) to service trees: the last step before verification.

before: a plan   after: OUT/ with one Maven project per service, the runtime, the driver, the untouched monolith
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from refactor.codegen.names import host_names, package_segment
from refactor.codegen.spring.beans import bean_world, controllers, starts_by_main
from refactor.codegen.spring.boot import Boot, adapted, boot_line
from refactor.codegen.spring.manifest import skeletons
from refactor.codegen.spring.openapi import openapi
from refactor.codegen.spring.poms import group_of, jar_name, local_jars, part_pom, project_name, version_of
from refactor.codegen.spring.render import rendered
from refactor.codegen.spring.skeleton import operations_served, served_classes
from refactor.codegen.spring.sources import emit_sources
from refactor.codegen.spring.world import World, services, world
from refactor.codegen.writer import Tree, check_out, write_tree
from refactor.frontend.project.classpath import resolve_libraries
from refactor.frontend.project.model import Project
from refactor.frontend.project.pom import oracle_files
from refactor.ir.program import Program
from refactor.isolate.plan import DRIVER, PartPlan, Plan
from refactor.isolate.planfile import dump_plan
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.resources import resource

RUNTIME = "templates/spring/runtime"
_RUNTIME_PARTS = ("pom.xml", "core/pom.xml", "core/src/main", "spring/pom.xml", "spring/src/main")


@dataclass(frozen=True, slots=True)
class Emitted:
    """`changed`: the files that this run wrote or removed, relative to `out`; empty where everything was there already."""

    out: Path
    services: tuple[str, ...]
    endpoints: int
    changed: tuple[str, ...]


def emit(
    project: Project,
    program: Program,
    plan: Plan,
    out: Path,
    libraries: Iterable[str] | None = None,
    oracle: Project | None = None,
) -> Emitted:
    """Write the service trees. The plan must have its edits and endpoints (`edits.plan_edits`) and no refusals.

    `libraries`: `group:artifact` of the monolith's class path, so that its tests see no library of the services' own; resolved
    here where not given. `oracle`: the monolith as it was, where `project` is one whose code was moved first.

    Raises RefactorError: 1 where the plan holds refusals, 2 where `out` is a folder that this program did not write.
    """
    if plan.refusals:
        message = f"the plan has {len(plan.refusals)} refusals: nothing is emitted"
        raise RefactorError([Diagnostic("codegen/refused", Severity.ERROR, message, plan.refusals[0].span)], 1)
    check_out(out)
    tree = Tree()
    indexed = world(program, plan)
    names = class_path(project) if libraries is None else tuple(libraries)
    for part in plan.parts:
        emit_part(project, indexed, part, tree, names)
    _emit_parent(project, indexed, tree)
    _emit_runtime(tree, boot_line(project))
    _emit_monolith(oracle or project, tree)
    tree.text("plan.json", dump_plan(plan))
    changed = write_tree(tree, out)
    count = sum(_endpoint_count(indexed, p) for p in services(plan))
    return Emitted(out, tuple(p.name for p in services(plan)), count, changed)


def class_path(project: Project) -> tuple[str, ...]:
    """`group:artifact` of every library on the class path of any module's tests, sorted."""
    found = (r.dependency for m in project.modules for r in resolve_libraries(project, m))
    return tuple(sorted({f"{d.group}:{d.artifact}" for d in found}))


def emit_part(project: Project, indexed: World, part: PartPlan, tree: Tree, libraries: tuple[str, ...]) -> None:
    """One service, or the driver, which has no server of its own."""
    placed = emit_sources(project, indexed, part, tree)
    boot = boot_line(project)
    application = bean_world(indexed).application
    serves = part.name != DRIVER
    used = boot if serves or application else None
    package = application_package(indexed, part.name)
    homes = {c.name: c.part for c in indexed.plan.classes}
    main = f"{package}.Application"
    tree.text(f"{part.name}/pom.xml", part_pom(project, placed, part.name, used, libraries, main_class=main if serves else None))
    if not serves:
        return
    values = {
        "project": project_name(project),
        "part": part.name,
        "port": part.port,
        "package": package,
        "main_class": main,
        "jar": jar_name(project, part.name),
        "local_jars": local_jars(project, placed.modules or project.modules[:1]),
        "quiet_logging": not boot.own,
        "application": application or "",
        "remote_beans": bean_world(indexed).remote[part.name],
        "controllers": controllers(indexed, part),
        "by_main": application is not None and starts_by_main(indexed, application),
        "modules": [p.name for p in indexed.plan.parts],
        "owned": part.owned,
        "replicas": part.replicas,
        "proxies": [(name, homes.get(name, "")) for name in part.proxies],
        "tables": part.tables,
        "endpoints": _endpoint_count(indexed, part),
    }
    base = f"{part.name}/src/main"
    template = "service/ContainerApplication.java" if application else "service/Application.java"
    tree.text(f"{base}/java/{package.replace('.', '/')}/Application.java", rendered(template, **values))
    tree.text(f"{base}/resources/META-INF/refactor-main-class", main + "\n")
    # A monolith with a container has its own settings, or none.
    if application is None and f"{base}/resources/application.properties" not in tree.files:
        tree.text(f"{base}/resources/application.properties", rendered("service/application.properties", **values))
    documents = {
        "Dockerfile": rendered("service/Dockerfile", **values),
        "README.md": rendered("service/README.md", **values),
        "openapi.json": openapi(indexed, part, project_name(project), version_of(project)),
    }
    for name, text in documents.items():
        if f"{part.name}/{name}" not in tree.files:
            tree.text(f"{part.name}/{name}", text)


def application_package(indexed: World, part: str) -> str:
    """A package that the monolith does not use: component scanning starts there."""
    used = {c.package for c in indexed.program.classes.values()}
    base = f"services.{package_segment(part)}"
    package, number = base, 1
    while any(p == package or p.startswith(package + ".") for p in used):
        number += 1
        package = f"{base}{number}"
    return package


def _endpoint_count(indexed: World, part: PartPlan) -> int:
    tops = skeletons(indexed, part)
    return sum(len(operations_served(indexed, c, part.name)) for t in tops for c in served_classes(indexed, t, part.name))


def _emit_parent(project: Project, indexed: World, tree: Tree) -> None:
    plan = indexed.plan
    name, version = project_name(project), version_of(project)
    common = {"project": name, "version": version}
    modules = [p.name for p in plan.parts]
    tree.text("pom.xml", rendered("pom.xml", **common, group=group_of(project), artifact=f"{name}-services", modules=modules))
    hosts = host_names(p.name for p in services(plan))
    common["host"] = host_names((name,))[name]
    parts = [
        {"name": p.name, "host": hosts[p.name], "port": p.port, "owned": len(p.owned), "endpoints": _endpoint_count(indexed, p)}
        for p in services(plan)
    ]
    peers = ",".join(f"{p.name}=http://{hosts[p.name]}:{p.port}" for p in services(plan))
    tree.text("README.md", rendered("README.md", **common, parts=parts, warnings=_grouped(plan.warnings)))
    tree.text("compose.yaml", rendered("compose.yaml", **common, parts=parts, peers=peers))
    for part in parts:
        tree.text(f"k8s/{part['name']}.yaml", rendered("k8s/service.yaml", **common, part=part, peers=peers))


def _grouped(warnings: Iterable[Diagnostic]) -> list[tuple[str, int, Diagnostic]]:
    """One line for each kind of warning: its name, how many there are, the first of them."""
    kinds: dict[str, list[Diagnostic]] = {}
    for warning in warnings:
        kinds.setdefault(warning.id.rpartition("/")[2], []).append(warning)
    return [(name, len(found), found[0]) for name, found in sorted(kinds.items())]


def _emit_runtime(tree: Tree, boot: Boot) -> None:
    source = resource(RUNTIME)
    for name in _RUNTIME_PARTS:
        path = source / name
        for file in sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]:
            below = file.relative_to(source).as_posix()
            tree.bytes(f"runtime/{below}", adapted(boot, below, file.read_bytes()))


def _emit_monolith(project: Project, tree: Tree) -> None:
    """The oracle: the monolith as it is, with a build that does nothing but compile and test."""
    for path, data in sorted(oracle_files(project).items()):
        tree.bytes(f"monolith/{path}", data)
