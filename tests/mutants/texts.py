"""What generated code must contain although programs that show its absence need a container: checks of emitted text."""

from __future__ import annotations

from pathlib import Path

from refactor.pipeline.split import SplitRequest, run_split

# ruff: noqa: E501  (Java programs, one a line)
_FILES = {
    "shape/Shape.java": "package shape;\npublic interface Shape { default String name() { return \"shape\"; } default int corners() { return 0; } }\n",
    "made/Round.java": "package made;\nimport shape.*;\npublic class Round implements Shape { int size = 3; public int size() { return size++; } }\n",
    "made/Disc.java": "package made;\npublic class Disc extends Round { @Override public String name() { return \"disc\" + size; } }\n",
    "desk/Desk.java": "package desk;\nimport made.*;\npublic class Desk { private int n; String go(Round r) { n++; return r.name() + r.corners() + r.size(); } }\n",
}
_PARTS = '[parts.made]\nclasses = ["made.*", "shape.*"]\n[parts.desk]\nclasses = ["desk.*"]\n'


def overridden_defaults_are_forwarded(folder: Path) -> str | None:
    """A bean is a proxy of the class that it is injected as, whatever class its object has: what a subclass overrides has to go there.

    None, or what is wrong.
    """
    for path, text in _FILES.items():
        file = folder / "shop/src/main/java" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (folder / "parts.toml").write_text(_PARTS, encoding="utf-8")
    run_split(SplitRequest(path=str(folder / "shop"), out=folder / "out", parts_file=folder / "parts.toml"), lambda _: None)
    proxy = (folder / "out/desk/src/proxy/java/made/Round.java").read_text(encoding="utf-8")
    if "Remote.call(Endpoints$.SHAPE_NAME" in proxy or "name() {" in proxy:
        return None if "corners() {" not in proxy else "what nobody overrides is forwarded"
    return "Round.name() is not forwarded, although Disc overrides it"
