"""Write the stubs of the Java platform: what its modules declare for other programs, as text, from the signature files of a JDK.

    python grammars/java/make_stubs.py /path/to/jdk 17

reads lib/ct.sym of a JDK newer than the release and writes one file a module to grammars/java/stubs/. The format is that of
refactor.frontend.java.classfile.stubs, which reads it where a machine has no JDK. Names and signatures only: no code, no
documentation, no values of annotations.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path

from refactor.frontend.java.classfile.archive import Archive
from refactor.frontend.java.classfile.layout import PRIVATE, SYNTHETIC, Attributes, Layout

MODULES = frozenset(
    [
        *("java.base", "java.compiler", "java.instrument", "java.logging", "java.management", "java.naming", "java.net.http"),
        *("java.prefs", "java.rmi", "java.scripting", "java.sql", "java.transaction.xa", "java.xml"),
    ]
)
BEANS = ("java.desktop", "java/beans/")
_HIDDEN = SYNTHETIC | PRIVATE


def main(home: Path, release: int) -> None:
    letter = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[release]
    archive = Archive(home / "lib" / "ct.sym")
    modules: dict[str, dict[str, str]] = {}
    for entry in sorted(archive.entries):
        folder, _, rest = entry.partition("/")
        module, _, inner = rest.partition("/")
        if letter in folder and "-" not in folder and inner.endswith(".sig") and (module in MODULES or wanted(module, inner)):
            modules.setdefault(module, {})[inner.removesuffix(".sig")] = stub(archive.read(entry))
    target = Path(__file__).parent / "stubs"
    for module, classes in modules.items():
        lines = [f"# Declarations of module {module}, release {release}. Written by make_stubs.py: not to be edited."]
        package = ""
        for name in sorted(classes):
            if name.rpartition("/")[0] != package:
                package = name.rpartition("/")[0]
                lines.append(f"p\t{package}")
            lines.append(classes[name])
        (target / f"{module}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def wanted(module: str, inner: str) -> bool:
    return module == BEANS[0] and inner.startswith(BEANS[1])


def stub(data: bytes) -> str:
    """before: a class file   after: a line for the class, then one for each member, record component and entry of InnerClasses"""
    layout = Layout(data, private=False)
    pool, at = layout.pool, layout.start
    name = pool.reference(layout.u2(at + 2)).rpartition("/")[2]
    interfaces = ",".join(pool.reference(layout.u2(at + 8 + 2 * i)) for i in range(layout.u2(at + 6)))
    own = layout.attributes
    permitted = listed(layout, own, "PermittedSubclasses")
    marks = annotations(layout, own)
    lines = [row("c", name, f"{layout.u2(at):x}", pool.reference(layout.u2(at + 4)), interfaces, signature(layout, own), permitted, marks)]
    if "InnerClasses" in own:
        place = own["InnerClasses"][0]
        for i in range(layout.u2(place)):
            inner = place + 2 + 8 * i
            simple = layout.u2(inner + 4)
            outer = pool.reference(layout.u2(inner + 2))
            short = pool.utf8(simple) if simple else ""
            lines.append(row("i", pool.reference(layout.u2(inner)), outer, short, f"{layout.u2(inner + 6):x}"))
    if "Record" in own:
        place = own["Record"][0]
        inner = place + 2
        for _ in range(layout.u2(place)):
            attributes, after = layout.attributes_at(inner + 4)
            lines.append(row("r", layout.text(inner), layout.text(inner + 2), signature(layout, attributes)))
            inner = after
        lines.extend(["r"] * (not layout.u2(place)))
    for at in sorted(at for places in layout.fields.values() for at in places):
        attributes, _ = layout.attributes_at(at + 6)
        value = constant(layout, at, attributes)
        lines.append(row("f", f"{layout.u2(at):x}", layout.text(at + 2), layout.text(at + 4), signature(layout, attributes), value))
    for at in sorted(at for places in layout.methods.values() for at in places):
        attributes, _ = layout.attributes_at(at + 6)
        throws = listed(layout, attributes, "Exceptions")
        marks = annotations(layout, attributes)
        lines.append(row("m", f"{layout.u2(at):x}", layout.text(at + 2), layout.text(at + 4), signature(layout, attributes), throws, marks))
    return "\n".join(lines)


def row(*columns: str) -> str:
    return "\t".join(columns).rstrip("\t")


def listed(layout: Layout, attributes: Attributes, name: str) -> str:
    return ",".join(n.replace(".", "/") for n in layout.class_list(attributes[name][0])) if name in attributes else ""


def signature(layout: Layout, attributes: Attributes) -> str:
    return layout.text(attributes["Signature"][0]) if "Signature" in attributes else ""


def annotations(layout: Layout, attributes: Attributes) -> str:
    names = (a.name.replace(".", "/") for a in layout.annotations(attributes))
    return ",".join(n for n in names if "+" not in n)  # ct.sym's own marks


def constant(layout: Layout, at: int, attributes: Attributes) -> str:
    """The constant's bits in hexadecimal; a text as its UTF-8 bytes."""
    if "ConstantValue" not in attributes:
        return ""
    value = layout.pool.constant(layout.u2(attributes["ConstantValue"][0]))
    match layout.text(at + 4):
        case "F":
            return struct.pack(">f", value).hex()
        case "D":
            return struct.pack(">d", value).hex()
        case "J":
            return struct.pack(">q", value).hex()
        case "Ljava/lang/String;":
            return "=" + str(value).encode("utf-8", "surrogatepass").hex()
        case _:
            return struct.pack(">i", value).hex()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
