"""How a module's main and test sources are compiled, wherever the build says it: one configuration for each of the two.

before: <configuration><parameters/></configuration> and executions default-compile (-Aa=b), annotations (-proc:only), java9 (module-info)
after:  compilation(plugin, "compile"): parameters, -Aa=b and the processors of `annotations`
"""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from refactor.frontend.project.model import Execution, PluginConfig
from refactor.frontend.project.pomxml import inner_xml, text, texts, wrapped

ARTIFACT = "maven-compiler-plugin"
_DEFAULTS = {"compile": "default-compile", "testCompile": "default-testCompile"}
_PLACES = {"compileSourceRoots", "outputDirectory", "generatedSourcesDirectory", "generatedTestSourcesDirectory", "multiReleaseOutput"}
"""Folders of the monolith's own layout."""
_LISTS = {"compilerArgs": "arg", "annotationProcessors": "annotationProcessor", "annotationProcessorPaths": "path"}


def compilation(plugin: PluginConfig, goal: str) -> ET.Element:
    """The configuration of the one run of `goal` ("compile" or "testCompile") that compiles all: the general one under its execution's.

    Where a build switches the lifecycle's own execution off, the first other one of that goal takes its place. What executions that
    only process annotations say of processors belongs to it as well.
    """
    own = _execution(plugin, goal)
    found = merged(wrapped(plugin.configuration), wrapped(own.configuration if own else ""))
    for execution in plugin.executions:
        runs = execution is not own and goal in execution.goals and execution.phase != "none"
        if runs and _only_processes(wrapped(execution.configuration)):
            _without_processing_off(found)
            _add_processing(found, merged(wrapped(plugin.configuration), wrapped(execution.configuration)))
    for child in [e for e in found if e.tag in _PLACES]:
        found.remove(child)
    return found


def single_compilations(plugins: Sequence[PluginConfig]) -> tuple[Execution, ...]:
    """The lifecycle's two executions with all that the modules of these plug-ins (nearest first) configure for them.

    before: the compiler plug-ins of the modules whose code is in one part   after: its default-compile and default-testCompile
    """
    found = []
    for goal, name in _DEFAULTS.items():
        first, *others = [compilation(p, goal) for p in plugins] or [ET.Element("configuration")]
        for other in others:
            _add_processing(first, other)
            if text(other, "parameters") == "true" and first.find("parameters") is None:
                ET.SubElement(first, "parameters").text = "true"
        if plugins and _settings(first) != _settings(wrapped(plugins[0].configuration)):
            found.append(Execution(name, "", (), inner_xml(first)))
    return tuple(found)


def _settings(configuration: ET.Element) -> set[str]:
    """What is set, whatever the order."""
    return {" ".join(ET.tostring(e, encoding="unicode").split()) for e in wrapped(inner_xml(configuration)) if e.tag not in _PLACES}


def merged(general: ET.Element, own: ET.Element) -> ET.Element:
    """As Maven merges them: what the execution says wins, element by element; lists that ask for it (combine.children) are appended."""
    result = copy.deepcopy(general)
    for child in own:
        known = result.find(child.tag)
        if known is not None and child.get("combine.children") == "append":
            known.extend(copy.deepcopy(list(child)))
            continue
        if known is not None:
            result.remove(known)
        result.append(copy.deepcopy(child))
    return result


def _execution(plugin: PluginConfig, goal: str) -> Execution | None:
    default = next((e for e in plugin.executions if e.id == _DEFAULTS[goal]), None)
    if default is not None and default.phase == "none":
        return next((e for e in plugin.executions if goal in e.goals and e.phase != "none"), None)
    return default


def _arguments(configuration: ET.Element) -> list[str]:
    single = text(configuration, "compilerArgument")
    return [*texts(configuration, "compilerArgs/*"), *single.split()]


def _only_processes(configuration: ET.Element) -> bool:
    return text(configuration, "proc") == "only" or "-proc:only" in _arguments(configuration)


def _without_processing_off(configuration: ET.Element) -> None:
    """Processing was a run of its own there; here one run does both."""
    for child in list(configuration):
        if (child.tag, (child.text or "").strip()) in (("proc", "none"), ("compilerArgument", "-proc:none")):
            configuration.remove(child)
        elif child.tag == "compilerArgs":
            for argument in [a for a in child if (a.text or "").strip() == "-proc:none"]:
                child.remove(argument)


def _add_processing(configuration: ET.Element, other: ET.Element) -> None:
    """The arguments and processors of `other` that are not there yet."""
    known = set(_arguments(configuration))
    wanted = [a for a in _arguments(other) if a not in known and a not in ("-proc:only", "-proc:none")]
    additions: dict[str, list[ET.Element]] = {"compilerArgs": [], "annotationProcessors": [], "annotationProcessorPaths": []}
    for argument in wanted:
        element = ET.Element(_LISTS["compilerArgs"])
        element.text = argument
        additions["compilerArgs"].append(element)
    for tag in ("annotationProcessors", "annotationProcessorPaths"):
        here = {_content(e) for e in configuration.findall(f"{tag}/*")}
        additions[tag] += [copy.deepcopy(e) for e in other.findall(f"{tag}/*") if _content(e) not in here]
    for tag, elements in additions.items():
        if elements:
            holder = configuration.find(tag)
            holder = ET.SubElement(configuration, tag) if holder is None else holder
            holder.extend(elements)


def _content(element: ET.Element) -> tuple[str, ...]:
    return tuple(sorted(f"{e.tag}={(e.text or '').strip()}" for e in element.iter() if e is not element)) or ((element.text or "").strip(),)
