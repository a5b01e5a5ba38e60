"""The oracle: a buildable copy of the monolith in which `mvn test` gives the monolith's own result.

before: Project(root=shop/)                       a build with licence checks, formatters, coverage, releases
after:  out/ with the same files and one minimal pom per module: dependencies, their management, compilation, tests
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from refactor.frontend.project.copies import left_out
from refactor.frontend.project.jdk import default_jdk, jdk_home
from refactor.frontend.project.model import Dependency, Module, Project, ResourceRoot
from refactor.frontend.project.mvn import MACHINE_LACKS, local_repository, user_home
from refactor.frontend.project.oracle_plugins import PlainFilter, plan_plugins, raised_property
from refactor.frontend.project.pom_text import block, element, pom_text
from refactor.frontend.project.sources import relative
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

_WRONG_USE = 2
_AGGREGATOR_ONLY = ("pom", "ear")
ROOT_MODULE_POM = "pom-root.xml"
"""The root module's own pom where the root has code and submodules as well, which Maven keeps apart."""


@dataclass(frozen=True, slots=True)
class Oracle:
    """What was written: the folder to run `mvn test` in, its modules' paths, the plug-ins kept, and remarks."""

    root: Path
    modules: tuple[str, ...]
    kept_plugins: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def oracle_module(project: Project, out: Path) -> Oracle:
    """Write the copy into the new folder `out`.

    Raises RefactorError: 2 where `out` has something in it, 3 where the monolith needs a newer JDK than there is.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise _error("out-exists", f"{out} exists and is not empty", "name a new folder", _WRONG_USE)
    _check_jdk(project)
    diagnostics = _copy(project, out)
    for path, original in project.rewritten:
        (out / path).write_bytes(original.read_bytes())
    poms = _poms(project)
    for path, text in poms.texts.items():
        (out / path).write_text(text, encoding="utf-8")
    return Oracle(out, poms.modules, poms.kept_plugins, (*diagnostics, *poms.remarks))


def oracle_files(project: Project) -> dict[str, bytes]:
    """What `oracle_module` writes, in memory: POSIX path -> bytes. Links and files that cannot be read are left out.

    Raises RefactorError with exit code 3 where the monolith needs a newer JDK than there is.
    """
    _check_jdk(project)
    ignored = _ignored(project)
    found: dict[str, bytes] = {}
    for folder, folders, names in os.walk(project.root):
        dropped = ignored(folder, [*folders, *names])
        folders[:] = [n for n in folders if n not in dropped]
        inside = Path(folder).relative_to(project.root).as_posix()
        prefix = "" if inside == "." else inside + "/"
        for name in names:
            path = f"{folder}/{name}"
            if name not in dropped and stat.S_ISREG(os.lstat(path).st_mode):
                with contextlib.suppress(OSError), open(path, "rb") as file:
                    found[prefix + name] = file.read()
    found |= {path: original.read_bytes() for path, original in project.rewritten}
    poms = _poms(project)
    return found | {path: text.encode() for path, text in poms.texts.items()}


def _check_jdk(project: Project) -> None:
    newest = max((max(m.release, m.test_release) for m in project.modules), default=0)
    if jdk_home() is not None and newest > default_jdk():
        message = f"the monolith is written for Java {newest}, and this JDK is {default_jdk()}"
        raise _error("jdk-too-old", message, f"apt-get install openjdk-{newest}-jdk-headless, and set JAVA_HOME", MACHINE_LACKS)


@dataclass(frozen=True, slots=True)
class _Poms:
    """The build files of the copy by path, and what is to be said of them (see Oracle)."""

    texts: dict[str, str]
    modules: tuple[str, ...]
    kept_plugins: tuple[str, ...]
    remarks: tuple[Diagnostic, ...]


def _poms(project: Project) -> _Poms:
    texts: dict[str, str] = {}
    kept: list[str] = []
    said: list[Diagnostic] = []
    written = [m for m in project.modules if ".." not in PurePosixPath(m.path).parts and not PurePosixPath(m.path).is_absolute()]
    below = tuple(m.path for m in written if m.path != ".")
    for module in written:
        text, plan_kept, remarks = _module_pom(project, module)
        kept += plan_kept
        said += remarks
        # Poms that aggregate are rewritten flat: the root lists every module.
        if module.path == "." and below and module.packaging in _AGGREGATOR_ONLY:
            continue
        name = ROOT_MODULE_POM if module.path == "." and below else "pom.xml"
        texts[(PurePosixPath(module.path) / name).as_posix()] = text
    if below:
        root = next((m for m in written if m.path == "."), None)
        has_code = root is not None and root.packaging not in _AGGREGATOR_ONLY
        listed = ([ROOT_MODULE_POM] if has_code else []) + list(below)
        texts["pom.xml"] = pom_text(
            group=(root.group if root else "") or "oracle",
            artifact=f"{root.artifact if root else project.name}{'-all' if has_code else ''}",
            version=(root.version if root else "") or "1",
            packaging="pom",
            modules=listed,
        )
    return _Poms(texts, tuple(m.path for m in written), tuple(dict.fromkeys(kept)), tuple(said))


def _copy(project: Project, out: Path) -> list[Diagnostic]:
    """Every file of the project but version control, build output and the build files that are replaced.

    Tests read project files by relative paths, and which ones cannot be told from their text.
    """
    diagnostics: list[Diagnostic] = []
    try:
        shutil.copytree(project.root, out, ignore=_ignored(project), symlinks=True, dirs_exist_ok=True)
    except shutil.Error as error:
        for source, _, reason in error.args[0]:
            message = f"{relative(Path(source), project.root)} could not be copied: {reason}"
            diagnostics.append(Diagnostic("project/unreadable-file", Severity.WARNING, message, help="make it readable"))
    return diagnostics


def _ignored(project: Project) -> Callable[[str, list[str]], set[str]]:
    return left_out(project, (r for m in project.modules for s in (m.main, m.test) for r in s.java))


def _module_pom(project: Project, module: Module) -> tuple[str, tuple[str, ...], list[Diagnostic]]:
    folder = project.root / module.path
    if module.packaging in _AGGREGATOR_ONLY:
        text = pom_text(group=module.group, artifact=module.artifact, version=module.version, packaging="pom")
        return text, (), []
    shared = set(module.main.java) & set(module.test.java)
    only = _plain_filter(project, module) if shared else None
    main, test = _inside(module.main.java, folder), _inside(module.test.java, folder)
    plan = plan_plugins(module, added_main=main[1:], added_test=test[1:], only=only)
    build = (
        element("sourceDirectory", main[0] if main else "src/main/java", "    ")
        + element("testSourceDirectory", test[0] if test else "src/test/java", "    ")
        + block("resources", "".join(_resource("resource", r, folder) for r in module.main.resources), "    ")
        + block("testResources", "".join(_resource("testResource", r, folder) for r in module.test.resources), "    ")
        + plan.text
    )
    properties = dict(plan.properties) | {k: raised_property(k, v) for k, v in module.properties if _is_name(k)}
    properties.setdefault("project.build.sourceEncoding", module.encoding)
    dependencies = tuple(_local(project, module, d) for d in module.dependencies)
    text = pom_text(
        group=module.group or "oracle",
        artifact=module.artifact,
        version=module.version or "1",
        properties=sorted(properties.items()),
        dependencies=(*(d for d in dependencies if d is not None), *_jars(module, folder)),
        managed=[d for d in module.managed if d.version],
        repositories=module.repositories,
        build=build,
    )
    remarks = [
        _remark("dropped-plugin", f"{module.name}: the build plug-in {name} is not carried over; a test that needs its result differs")
        for name in plan.dropped
    ]
    remarks += [_remark("kept-plugin", f"{module.name}: {name} is part of the copy's build") for name in plan.kept]
    remarks += [
        _remark("dropped-dependency", f"{module.name}: the {d.type} dependency {d.group}:{d.artifact} holds no classes; it is left out")
        for d, found in zip(module.dependencies, dependencies, strict=True)
        if found is None
    ]
    return _relocated(text, folder, project.root), plan.kept, remarks


def _inside(roots: tuple[Path, ...], folder: Path) -> list[str]:
    return [os.path.relpath(root, folder).replace(os.sep, "/") for root in roots]


def _plain_filter(project: Project, module: Module) -> PlainFilter:
    """Main and test files lie in one root: each compilation leaves out the other's files."""

    def patterns(files: tuple[str, ...], roots: tuple[Path, ...]) -> tuple[str, ...]:
        found = []
        for file in files:
            path = project.root / file
            found += [relative(path, root) for root in roots if path.is_relative_to(root)]
        return tuple(dict.fromkeys(found))

    return PlainFilter(patterns(module.test.files, module.main.java), patterns(module.main.files, module.test.java))


def _resource(tag: str, resource: ResourceRoot, folder: Path) -> str:
    inner = "        "
    return block(
        tag,
        element("targetPath", resource.target_path, inner)
        + element("filtering", "true" if resource.filtering else "", inner)
        + element("directory", os.path.relpath(resource.root, folder).replace(os.sep, "/"), inner)
        + block("includes", "".join(element("include", i, inner + "  ") for i in resource.includes), inner)
        + block("excludes", "".join(element("exclude", e, inner + "  ") for e in resource.excludes), inner),
        "      ",
    )


def _local(project: Project, module: Module, dependency: Dependency) -> Dependency | None:
    """A dependency on a module of the project resolves to its classes; archives of a whole application have none."""
    own = project.reactor(dependency)
    if own is None or own is module:
        return dependency
    if dependency.type in ("war", "ear", "pom") or own.packaging in _AGGREGATOR_ONLY:
        return None
    kind = "jar" if dependency.type in ("ejb", "bundle", "maven-plugin") else dependency.type
    return replace(dependency, group=own.group or "oracle", version=own.version or "1", type=kind)


def _jars(module: Module, folder: Path) -> list[Dependency]:
    """The project's own jars, with paths that go with the copy. Equal names get a number: Maven would take one for the other."""
    found = []
    for number, jar in enumerate(module.jars):
        path = os.path.relpath(jar, folder).replace(os.sep, "/")
        found.append(Dependency("local.jar", f"{jar.stem}-{number}", "1", scope="system", system_path="${project.basedir}/" + path))
    return found


def _relocated(text: str, folder: Path, root: Path) -> str:
    """Absolute paths of the monolith become paths of the copy: tests must not write into the user's folder."""
    text = _replace_path(text, folder, "${project.basedir}")
    up = "/".join(".." for _ in folder.relative_to(root).parts)
    text = _replace_path(text, root, "${project.basedir}/" + up) if up else text
    # This user's own folders: the copy is to be built by others as well.
    text = _replace_path(text, local_repository(), "${settings.localRepository}")
    return _replace_path(text, user_home(), "${user.home}")


def _replace_path(text: str, path: Path, by: str) -> str:
    if len(path.parts) < 2:  # a home of `/` stands in every path
        return text
    return re.sub(r"(?<![\w.\-])" + re.escape(str(path)) + r"(?![\w.\-])", lambda _: by, text)


def _is_name(name: str) -> bool:
    """Whether a property can be written as an element: not every key of a .properties file can."""
    return bool(re.fullmatch(r"[A-Za-z_][\w.\-]*", name))


def _remark(id: str, message: str) -> Diagnostic:
    return Diagnostic(f"project/{id}", Severity.NOTE, message)


def _error(id: str, message: str, help: str, exit_code: int) -> RefactorError:
    return RefactorError([Diagnostic(f"project/{id}", Severity.ERROR, message, help=help)], exit_code)
