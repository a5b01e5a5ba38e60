"""Classes inside an interface: their endpoints are declared, whoever else calls one in the file."""

from __future__ import annotations

from pathlib import Path

from refactor.pipeline.split import SplitRequest, run_split

FILES = {
    "told/Told.java": "package told;\npublic interface Told {\n  void told(Pile p);\n"
    "  class Pile { private int height; public int grow() { return ++height; } }\n}\n",
    "told/Maker.java": "package told;\n"
    "public class Maker { private int n; public Told.Pile make() { n++; return new Told.Pile(); } }\n",
    "desk/Desk.java": "package desk;\nimport told.*;\n"
    "public class Desk { private int m; int use(Maker k) { m++; return k.make().grow(); } }\n",
}
PARTS = '[parts.told]\nclasses = ["told.*"]\n[parts.desk]\nclasses = ["desk.*"]\n'


def test_a_class_inside_an_interface_has_its_endpoints(tmp_path: Path) -> None:
    for path, text in FILES.items():
        file = tmp_path / "shop/src/main/java" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "parts.toml").write_text(PARTS, encoding="utf-8")
    out = tmp_path / "out"
    result = run_split(SplitRequest(path=str(tmp_path / "shop"), out=out, parts_file=tmp_path / "parts.toml"), lambda _: None)
    assert result.plan.refusals == ()
    proxy = (out / "desk/src/proxy/java/told/Told.java").read_text(encoding="utf-8")
    assert "Endpoints$Told.PILE_GROW" in proxy
    assert "final class Endpoints$Told {" in proxy
