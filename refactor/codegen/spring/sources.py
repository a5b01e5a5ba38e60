"""Which files of the monolith a part carries, and where they stand in its tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from refactor.codegen.spring.beans import bean_world, configuration, configuration_source
from refactor.codegen.spring.datafiles import for_part
from refactor.codegen.spring.manifest import manifest, skeletons
from refactor.codegen.spring.proxy import edits_in, proxy_source
from refactor.codegen.spring.skeleton import skeleton_name, skeleton_source
from refactor.codegen.spring.world import World
from refactor.codegen.spring.woven import WOVEN, woven_fields
from refactor.codegen.writer import Tree
from refactor.frontend.project.copies import beside_sources, tool_files
from refactor.frontend.project.model import Module, Project, ResourceRoot
from refactor.frontend.project.sources import NEVER_SOURCE
from refactor.isolate.plan import PartPlan
from refactor.support.source import Edit, apply_edits

MAIN, TEST, PROXY, SKELETON = "src/main/java", "src/test/java", "src/proxy/java", "src/skeleton/java"
TEST_RESOURCES = "src/test/resources"
BUILD_FILES = frozenset({"pom.xml", "pom-root.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"})
OWN_DOCUMENTS = frozenset({"README.md", "Dockerfile", "openapi.json"})
"""Files that a service has of its own, unless a test reads the monolith's."""
_STAND_IN = "Imported$"
_WHY_STAND_IN = "// A test of this part imports the package on demand, and no class of it is here."
_OUTPUTS = frozenset({"target", "build", "out", "bin"})


@dataclass(frozen=True, slots=True)
class Placed:
    """What was put into one part, for its pom and its documents."""

    modules: tuple[Module, ...]
    has_tests: bool
    has_woven: bool
    has_skeletons: bool
    has_proxies: bool


def emit_sources(project: Project, world: World, part: PartPlan, tree: Tree) -> Placed:
    """Adds one part's Java files, resources and, where tests run in its process, what they read."""
    module_of = {file: m for m, _, file in project.java_files()}
    here = (*part.owned, *part.replicas)
    for file in sorted({world.program.classes[top].file for top in here}):
        _original(world, part, file, module_of[file], tree)
    for top in part.proxies:
        module = module_of[world.program.classes[top].file]
        tree.bytes(f"{part.name}/{PROXY}/{_path(top)}", java_bytes(proxy_source(world, top, part.name), module.encoding))
    application = bean_world(world).application
    if application is not None:
        tree.text(f"{part.name}/{PROXY}/{_path(configuration(world))}", configuration_source(world, part))
    served = skeletons(world, part)
    for top in served:
        module = module_of[world.program.classes[top].file]
        text = skeleton_source(world, top, part.name)
        tree.bytes(f"{part.name}/{SKELETON}/{_path(skeleton_name(world, top))}", java_bytes(text, module.encoding))
    tests = [t for t in world.plan.tests if part.name in t.placements]
    for file in sorted({found.file for t in tests if (found := world.program.classes.get(t.name)) is not None}):
        _test(project, part, file, module_of[file], tree)
    stand_ins = _imported_packages(world, part)
    for package in stand_ins:
        text = f"{_WHY_STAND_IN}\npackage {package};\n\nfinal class {_STAND_IN} {{\n}}\n"
        tree.text(f"{part.name}/{PROXY}/{_path(f'{package}.{_STAND_IN}')}", text)
    modules = _modules(project, module_of, world, [*here, *part.proxies, *(t.name for t in tests)])
    for module in modules:
        _package_infos(world, part, module, tree, project)
        for resource in module.main.resources:
            _resources(project, world, part, module, resource, tree)
        for jar in module.jars:
            tree.bytes(f"{part.name}/{jar.relative_to(project.root).as_posix()}", jar.read_bytes())
        if tests:
            _working_folder(project, part, module, tree)
    tree.text(f"{part.name}/src/main/resources/refactor-manifest.json", manifest(world, part))
    woven = woven_fields(world, part.name)
    if woven:
        tree.text(f"{part.name}/{TEST_RESOURCES}/{WOVEN}", woven)
    return Placed(modules, bool(tests), bool(woven), bool(served), bool(part.proxies or stand_ins) or application is not None)


def java_bytes(text: str, encoding: str) -> bytes:
    """Generated Java for a module that is compiled with `encoding`: Unicode escapes where that is not UTF-8.

    before: "é" in a module of ISO-8859-1   after: b"\\u00e9"
    """
    if encoding.lower().replace("-", "") == "utf8":
        return text.encode()
    units = ((c, c.encode("utf-16-be")) for c in text)
    return "".join(c if ord(c) < 128 else "".join(f"\\u{u[i]:02x}{u[i + 1]:02x}" for i in range(0, len(u), 2)) for c, u in units).encode()


def _path(name: str) -> str:
    return name.replace(".", "/") + ".java"


def _original(world: World, part: PartPlan, file: str, module: Module, tree: Tree) -> None:
    """The copy of one source file: its bytes but for this part's edits, and without classes that another part owns."""
    data = world.program.source(file)
    edits = [*edits_in(world, part.name, file), *_foreign(world, part, file)]
    root = _root_of(module.main.java, world.program.root / file)
    tree.bytes(f"{part.name}/{MAIN}/{root}", apply_edits(data, edits) if edits else data)


def _foreign(world: World, part: PartPlan, file: str) -> list[Edit]:
    """Removes the classes of a file that are not this part's: a file may hold several top-level classes."""
    found = []
    for top in world.program.files[file].classes:
        cls = world.program.classes[top]
        if world.owner(top) not in (None, part.name) and cls.span is not None:
            found.append(Edit(file, cls.span.start, cls.span.end, "", f"{top} lives in part {world.owner(top)}"))
    return found


def _test(project: Project, part: PartPlan, file: str, module: Module, tree: Tree) -> None:
    path = project.root / file
    tree.bytes(f"{part.name}/{TEST}/{_root_of(module.test.java, path)}", path.read_bytes())


def _imported_packages(world: World, part: PartPlan) -> tuple[str, ...]:
    """The packages of the application that tests of this part import on demand and that have no class here: javac wants one."""
    classes = world.program.classes
    tests = [t.name for t in world.plan.tests if part.name in t.placements and t.name in classes]
    present = {classes[name].package for name in (*world.present(part.name), *tests) if name in classes}
    files = (world.program.files[classes[name].file] for name in tests)
    return tuple(sorted({i.name for file in files for i in file.imports if i.is_package} - present))


def _root_of(roots: tuple[Path, ...], path: Path) -> str:
    """The file's path below its source root: the longest root that holds it."""
    holding = [r for r in roots if path.is_relative_to(r)]
    root = max(holding, key=lambda r: len(r.parts))
    return path.relative_to(root).as_posix()


def _modules(project: Project, module_of: dict[str, Module], world: World, tops: list[str]) -> tuple[Module, ...]:
    """The modules whose code is in the part in any form, in the project's order."""
    names = {module_of[c.file].path for t in tops if (c := world.program.classes.get(t)) is not None}
    return tuple(m for m in project.modules if m.path in names)


def _package_infos(world: World, part: PartPlan, module: Module, tree: Tree, project: Project) -> None:
    packages = {world.program.classes[t].package for t in (*part.owned, *part.replicas)}
    for file in module.main.files:
        if PurePosixPath(file).name == "package-info.java":
            below = _root_of(module.main.java, project.root / file)
            if ".".join(PurePosixPath(below).parent.parts) in packages:
                tree.bytes(f"{part.name}/{MAIN}/{below}", (project.root / file).read_bytes())


def prefix(module: Module) -> str:
    """Where a module's own layout starts inside a part: a part holds code of several modules of the monolith."""
    return "" if module.path == "." else f"{module.path}/"


def resource_folder(project: Project, module: Module, resource: ResourceRoot) -> str:
    """The resource root's place in a part, relative to the part: as in the monolith; roots outside of the module move inside."""
    folder = project.root / module.path
    if resource.root.is_relative_to(folder):
        return prefix(module) + resource.root.relative_to(folder).as_posix()
    if resource.root.is_relative_to(project.root):
        return resource.root.relative_to(project.root).as_posix()
    return f"{prefix(module)}src/main/{resource.root.name}"


def _resources(project: Project, world: World, part: PartPlan, module: Module, resource: ResourceRoot, tree: Tree) -> None:
    base = resource_folder(project, module, resource)
    for path in _files(resource.root):
        below = path.relative_to(resource.root).as_posix()
        if path.suffix != ".java" and below not in BUILD_FILES and _selected(resource, below):
            data = path.read_bytes()
            if f"{resource.target_path}/{below}".lstrip("/").startswith("META-INF/services/"):
                data = providers(world, part, data)
            here = for_part(world, part, f"{resource.target_path}/{below}".lstrip("/"), data)
            if here is not None:
                tree.bytes(f"{part.name}/{base}/{below}", here)


def providers(world: World, part: PartPlan, data: bytes) -> bytes:
    """A service file without the providers that this part has in no form: ServiceLoader fails on a class that is not there.

    before: b"shop.Post\\nshop.Van\\n" where the part has neither code nor a proxy of shop.Van   after: b"shop.Post\\n"
    """
    present = world.present(part.name)

    def is_here(line: bytes) -> bool:
        cls = world.program.classes.get(line.partition(b"#")[0].strip().decode("utf-8", "replace"))
        return cls is None or cls.top in present

    return b"".join(line for line in data.splitlines(keepends=True) if is_here(line))


def _selected(resource: ResourceRoot, below: str) -> bool:
    """Whether Maven would take the file: Ant patterns, no includes meaning everything."""
    included = not resource.includes or any(ant_match(p, below) for p in resource.includes)
    return included and not any(ant_match(p, below) for p in resource.excludes)


def ant_match(pattern: str, path: str) -> bool:
    """before: ("**/*.xml", "a/b/c.xml")   after: True; `**` is any number of folders, a trailing slash means all below"""
    pattern = pattern.replace("\\", "/")
    pattern = pattern + "**" if pattern.endswith("/") else pattern
    regex = ""
    for token in re.split(r"(\*\*/|/\*\*$|\*\*|\*|\?)", pattern):
        regex += {"**/": "(?:.*/)?", "/**": "(?:/.*)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(token, re.escape(token))
    return re.fullmatch(regex, path) is not None


def _working_folder(project: Project, part: PartPlan, module: Module, tree: Tree) -> None:
    """What tests may read by a path relative to their working folder: every file of the module but sources and build files."""
    folder = project.root / module.path
    nested = {project.root / m.path for m in project.modules if m is not module and (project.root / m.path) != folder}
    sources = set(module.main.java) | set(module.test.java)
    texts = [(project.root / file).read_bytes() for file in module.test.files]
    replaced = {name for name in OWN_DOCUMENTS if not any(name.encode() in text for text in texts)}
    tools = tool_files(project)
    for path in _files(folder, nested):
        below = path.relative_to(folder)
        if below.as_posix() in replaced or any(p in tools and beside_sources(Path(*below.parts[:n])) for n, p in enumerate(below.parts)):
            continue
        is_source = path.suffix == ".java" and any(path.is_relative_to(s) for s in sources)
        if is_source or (len(below.parts) == 1 and below.name in BUILD_FILES):
            continue
        name = f"{part.name}/{prefix(module)}{below.as_posix()}"
        if name not in tree.files:
            tree.bytes(name, path.read_bytes())


def _files(folder: Path, without: set[Path] = frozenset()) -> list[Path]:  # type: ignore[assignment]
    """All files below a folder, sorted; version control, build output and nested modules left out."""
    found: list[Path] = []
    todo = [folder]
    while todo:
        current = todo.pop()
        for path in sorted(current.iterdir()) if current.is_dir() else []:
            if path.is_dir():
                top = current == folder
                if path.name not in NEVER_SOURCE and path not in without and not (top and path.name in _OUTPUTS):
                    todo.append(path)
            elif path.is_file():
                found.append(path)
    return sorted(found)


