"""Reads the XML reports of Surefire and Failsafe: one outcome per test."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree import ElementTree

from refactor.verify.model import CaseId, Outcome, Status

# Object.toString() of a parameter: another number in every run, on the monolith too.
_IDENTITY = re.compile(r"(?<=[A-Za-z_$\]\};])@[0-9a-f]{4,8}(?![\w.-])")


_FOLDERS = ("surefire-reports", "failsafe-reports")


def report_folders(module: Path) -> list[Path]:
    """The folders of reports of the module at `module` and of those below it."""
    return sorted(path for name in _FOLDERS for path in module.rglob(f"target/{name}") if path.is_dir())


def clear_reports(module: Path) -> None:
    """Remove what earlier runs reported at or below `module`: a report that is there afterwards is of the run that follows."""
    for folder in report_folders(module):
        shutil.rmtree(folder)


def read_reports(*folders: Path) -> Mapping[CaseId, Outcome]:
    """All `TEST-*.xml` in the folders (target/surefire-reports, target/failsafe-reports), in name order.

    Identity hashes in names are masked, so that a parameterised test has one name in both programs. The same name in two modules is
    two tests. An unreadable report raises ValueError with its path: a missing result is never a pass.
    """
    found: dict[CaseId, Outcome] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for path in _reports(folders):
        try:
            root = ElementTree.parse(path).getroot()
        except ElementTree.ParseError as error:
            raise ValueError(f"{path}: not a test report: {error}") from error
        for case in root.iter("testcase"):
            name = (case.get("classname") or root.get("name") or "", mask(case.get("name") or ""))
            found[CaseId(*name, seen[name])] = _outcome(case)
            seen[name] += 1
    return found


def _reports(folders: Iterable[Path]) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.glob("TEST-*.xml"))]


def mask(text: str) -> str:
    """`shop.Order@1f3a` -> `shop.Order@*`."""
    return _IDENTITY.sub("@*", text)


def _outcome(case: ElementTree.Element) -> Outcome:
    seconds = float((case.get("time") or "0").replace(",", ""))
    for tag, status in (("failure", Status.FAILED), ("error", Status.ERROR), ("skipped", Status.SKIPPED)):
        child = case.find(tag)
        if child is not None:
            message = child.get("message") or (child.text or "").partition("\n")[0]
            return Outcome(status, child.get("type") or "", mask(message), seconds)
    return Outcome(Status.PASSED, seconds=seconds)
