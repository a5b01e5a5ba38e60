"""Leaves the tests that the user excludes out of both programs: the monolith's run and the services'."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import replace

from refactor.frontend.project.model import Module, PluginConfig, Project
from refactor.frontend.project.pomxml import inner_xml, wrapped

_SUREFIRE = "maven-surefire-plugin"
_DEFAULT = "**/*$*"
"""What Surefire excludes where nothing is said: it has to be said once anything is."""


def exclude_tests(project: Project, patterns: Iterable[str]) -> Project:
    """before: a Project and `[build] exclude_tests`   after: the Project whose Surefire leaves these files out"""
    wanted = tuple(patterns)
    return replace(project, modules=tuple(_module(m, wanted) for m in project.modules)) if wanted else project


def _module(module: Module, patterns: tuple[str, ...]) -> Module:
    known = module.plugin(_SUREFIRE)
    plugin = known or PluginConfig("org.apache.maven.plugins", _SUREFIRE, "")
    configuration = wrapped(plugin.configuration)
    holder = configuration.find("excludes")
    given = [] if holder is None else [e.text or "" for e in holder]
    if holder is None:
        holder = ET.SubElement(configuration, "excludes")
        given = [_DEFAULT]
        ET.SubElement(holder, "exclude").text = _DEFAULT
    for pattern in patterns:
        ET.SubElement(holder, "exclude").text = pattern
    changed = replace(plugin, configuration=inner_xml(configuration), excludes=(*given, *patterns))
    others = tuple(changed if p is known else p for p in module.plugins)
    return replace(module, plugins=others if known else (*others, changed))
