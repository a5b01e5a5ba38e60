"""lombok.config: the settings that hold for a folder.

before: a/lombok.config "lombok.log.fieldName = LOG", a/b/lombok.config "config.stopBubbling = true"
after:  {"lombok.log.fieldname": "LOG"} for a, {} for a/b
"""

from __future__ import annotations

import re
from pathlib import Path

_LINE = re.compile(r"^\s*(clear\s+)?([A-Za-z][\w.]*)\s*(?:(\+=|-=|=)\s*(.*?)\s*)?$")
_READ = frozenset(
    {"lombok.accessors.chain", "lombok.accessors.fluent", "lombok.builder.classname", "lombok.copyableannotations",
     "lombok.equalsandhashcode.callsuper", "lombok.equalsandhashcode.donotusegetters", "lombok.tostring.callsuper",
     "lombok.tostring.donotusegetters", "lombok.tostring.includefieldnames", "lombok.tostring.onlyexplicitlyincluded",
     "lombok.nonnull.exceptiontype", "lombok.log.fieldname", "lombok.log.fieldisstatic", "lombok.fielddefaults.defaultprivate",
     "lombok.fielddefaults.defaultfinal"}
)  # fmt: skip
_VALUES = {
    "lombok.nonnull.exceptiontype": frozenset({"nullpointerexception", "illegalargumentexception", "assertion", "jdk", "guava"}),
}
"""The settings that only some values of are understood."""
_HARMLESS = re.compile(
    r"config\.stopbubbling|checkedexceptions|lombok\.(addlombokgeneratedannotation|extern\.findbugs\.\w+|add\w*generatedannotation\w*|"
    r"addsuppresswarnings|addnullannotations|anyconstructor\.\w+|experimental\.flagusage|(\w+\.)?flagusage|.*\.flagusage|"
    r"jacksonized\..*|singular\..*|addjavaxgeneratedannotation)"
)


def settings_of(folder: Path, root: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """The settings for the sources in `folder`, keys in lower case, and the keys that are not understood. Lists are joined by ";"."""
    chain: list[list[tuple[str, str, str]]] = []
    current = folder
    while True:
        lines = _lines(current / "lombok.config")
        chain.append(lines)
        stops = any(key == "config.stopbubbling" and value.lower() == "true" for key, _, value in lines)
        if stops or current == root or root not in current.parents:
            break
        current = current.parent
    found: dict[str, str] = {}
    unknown: list[str] = []
    for lines in reversed(chain):
        for key, sign, value in lines:
            known = _VALUES.get(key) if sign == "=" else None
            if (key not in _READ and not _HARMLESS.fullmatch(key)) or (known is not None and value.lower() not in known):
                unknown.append(key)
            if sign == "+=":
                found[key] = ";".join(x for x in (found.get(key, ""), value) if x)
            elif sign == "=":
                found[key] = value
            elif sign == "clear":
                found.pop(key, None)
    return found, tuple(dict.fromkeys(unknown))


def _lines(path: Path) -> list[tuple[str, str, str]]:
    if not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        text = line.partition("#")[0].strip()
        match = _LINE.match(text) if text else None
        if match is not None:
            found.append((match[2].lower(), "clear" if match[1] else match[3] or "=", match[4] or ""))
    return found
