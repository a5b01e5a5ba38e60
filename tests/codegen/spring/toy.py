"""Toy monoliths: sources in a dictionary, parts named by hand, split, compiled with javac and run as processes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from refactor.codegen.spring.edits import plan_edits
from refactor.codegen.spring.manifest import manifest, skeletons
from refactor.codegen.spring.proxy import edits_in, proxy_source
from refactor.codegen.spring.skeleton import skeleton_name, skeleton_source
from refactor.codegen.spring.world import World, world
from refactor.frontend.java.files import JavaFile
from refactor.frontend.java.library import JavaLibrary
from refactor.frontend.java.program import load
from refactor.ir.hierarchy import ClassHierarchy
from refactor.ir.program import Program
from refactor.ir.symbols import ClassKind, ClassSymbol
from refactor.isolate.plan import ClassPlan, PartPlan, Passing, Plan, Role
from refactor.pipeline.fuzz.harness import runtime_library
from refactor.support.resources import resource
from refactor.support.source import apply_edits

_TOKEN = "toy-secret"
_LAUNCHER = """package toy;
public class Launcher {
    public static void main(String[] args) throws Exception {
        refactor.runtime.Host.ensureStarted();
        Thread.sleep(Long.MAX_VALUE);
    }
}
"""


@dataclass(frozen=True, slots=True)
class Toy:
    """A split toy. `folder` holds one folder of sources per part."""

    program: Program
    plan: Plan
    world: World
    folder: Path

    def source(self, part: str, cls: str) -> str:
        return (self.folder / part / (cls.replace(".", "/") + ".java")).read_text(encoding="utf-8")


def toy(folder: Path, files: Mapping[str, str], parts: Mapping[str, Sequence[str]], passing: Mapping[str, Passing] | None = None) -> Toy:
    """Split `files` (path -> text): `parts` says who owns what, everything else is replicated in every part."""
    root = folder / "monolith"
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    program = load(root, [JavaFile(p, root / p) for p in sorted(files)], JavaLibrary((), 17))
    errors = [d.render() for d in program.diagnostics if d.severity.value == "error"]
    assert not errors, errors
    plan = plan_edits(program, _plan(program, parts, passing or {}))
    indexed = world(program, plan)
    for part in plan.parts:
        _write_part(indexed, part, folder / "parts" / part.name)
    return Toy(program, plan, indexed, folder / "parts")


def _plan(program: Program, parts: Mapping[str, Sequence[str]], passing: Mapping[str, Passing]) -> Plan:
    owner = {cls: part for part, classes in parts.items() for cls in classes}
    hierarchy = ClassHierarchy(program)
    classes, replicas = [], []
    for cls in program.top_level():
        part = owner.get(cls.name)
        travel = tuple((m.name, passing.get(m.name) or _passing(hierarchy, m, part)) for m in program.members_of(cls.name))
        classes.append(ClassPlan(cls.name, Role.OWNED if part else Role.REPLICATED, part, travel, "toy"))
        if not part:
            replicas.append(cls.name)
    plans = [
        PartPlan(name, 0, tuple(owned), tuple(replicas), tuple(sorted(c for c in owner if owner[c] != name)))
        for name, owned in parts.items()
    ]
    return Plan("toy", "java", tuple(plans), tuple(classes))


def _passing(hierarchy: ClassHierarchy, cls: ClassSymbol, part: str | None) -> Passing:
    if cls.is_interface:
        return Passing.INTERFACE
    if cls.kind is ClassKind.ENUM:
        return Passing.ENUM
    if hierarchy.is_subtype(cls.name, "java.lang.Throwable"):
        return Passing.EXCEPTION
    return Passing.VALUE if cls.kind is ClassKind.RECORD or not part else Passing.REFERENCE


def _write_part(indexed: World, part: PartPlan, folder: Path) -> None:
    def write(name: str, text: bytes) -> None:
        path = folder / (name.replace(".", "/") + ".java")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)

    for top in (*part.owned, *part.replicas):
        file = indexed.program.classes[top].file
        write(top, apply_edits(indexed.program.source(file), list(edits_in(indexed, part.name, file))))
    for top in part.proxies:
        write(top, proxy_source(indexed, top, part.name).encode())
    for top in skeletons(indexed, part):
        write(skeleton_name(indexed, top), skeleton_source(indexed, top, part.name).encode())
    write("toy.Launcher", _LAUNCHER.encode())
    (folder / "classes").mkdir(exist_ok=True)
    (folder / "classes" / "refactor-manifest.json").write_text(manifest(indexed, part), encoding="utf-8")


def compile_runtime(into: Path) -> str:
    """The class path of the runtime, compiled from the templates."""
    sources = sorted(str(p) for p in resource("templates/spring/runtime/core/src/main/java").rglob("*.java"))
    libraries = [str(runtime_library())]
    _javac(sources, into, libraries)
    data = resource("templates/spring/runtime/core/src/main") / "resources"
    return os.pathsep.join([str(into), *([str(data)] if data.is_dir() else []), *libraries])


def _javac(sources: list[str], into: Path, classpath: Sequence[str], release: int = 17) -> None:
    into.mkdir(parents=True, exist_ok=True)
    command = ["javac", "-nowarn", "-proc:none", "--release", str(release), "-encoding", "UTF-8", "-d", str(into)]
    if classpath:
        command += ["-cp", os.pathsep.join(classpath)]
    finished = subprocess.run([*command, *sources], capture_output=True, text=True, timeout=120, check=False)
    assert finished.returncode == 0, finished.stderr


def compile_parts(toy: Toy, runtime: str, release: int = 17) -> None:
    """javac over every part; fails with the compiler's words."""
    for part in toy.plan.parts:
        folder = toy.folder / part.name
        _javac(sorted(str(p) for p in folder.rglob("*.java")), folder / "classes", [runtime], release)


def run_monolith(toy: Toy, main: str) -> str:
    """Output of the toy in one process."""
    classes = toy.folder.parent / "monolith-classes"
    _javac(sorted(str(p) for p in toy.program.root.rglob("*.java")), classes, [])
    return _java([str(classes)], main, dict(os.environ))


def run_split(toy: Toy, runtime: str, main: str, here: str) -> str:
    """Output of the toy with `here` running main and every other part as a process of its own."""
    ports = {p.name: _free_port() for p in toy.plan.parts}
    peers = ",".join(f"{name}=http://127.0.0.1:{port}" for name, port in ports.items())

    def environment(name: str) -> dict[str, str]:
        return {**os.environ, "REFACTOR_PEERS": peers, "REFACTOR_TOKEN": _TOKEN, "REFACTOR_PART": name, "REFACTOR_PORT": str(ports[name])}

    running: list[subprocess.Popen[bytes]] = []
    try:
        for name, port in ports.items():
            if name != here:
                path = os.pathsep.join([str(toy.folder / name / "classes"), runtime])
                log = (toy.folder / f"{name}.log").open("wb")
                command = ["java", "-XX:TieredStopAtLevel=1", "-cp", path, "toy.Launcher"]
                running.append(subprocess.Popen(command, env=environment(name), stdout=log, stderr=log))
                _wait(running[-1], port, toy.folder / f"{name}.log")
        return _java([str(toy.folder / here / "classes"), runtime], main, environment(here))
    finally:
        for process in running:
            process.kill()
            process.wait()


def _java(classpath: Sequence[str], main: str, environment: Mapping[str, str]) -> str:
    command = ["java", "-XX:TieredStopAtLevel=1", "-cp", os.pathsep.join(classpath), main]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=dict(environment))
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 90
    request = urllib.request.Request(f"http://127.0.0.1:{port}/refactor/stats", headers={"Authorization": f"Bearer {_TOKEN}"})
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(request, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8"))


def have_javac() -> bool:
    return shutil.which("javac") is not None
