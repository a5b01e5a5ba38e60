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


BUFFERS = {
    "paper/Desk.java": """package paper;
public class Desk {
  private int lines;
  public class Pen { private final Appendable out; public Pen(Appendable out) { this.out = out; lines++; }
    public Pen(String[] words, Object... more) { this(new StringBuilder()); }
    public Pen(String[] words) { this(new StringBuilder()); }
    public class Tip { private final CharSequence ink; Tip(int n, CharSequence ink) { this.ink = ink; lines += n; } }
    public Tip tip() { return new Tip(1, ""); } }
  public static class Brush { private final Appendable out; public Brush(Appendable out) { this.out = out; }
    public Appendable out() { return null; } }
  public Brush brush() { return null; }
  public Pen pen() { return null; }
}
""",
    "app/Writer.java": "package app;\nimport paper.*;\n"
    "public class Writer { private int n; String go(Desk d) { n++; StringBuilder b = new StringBuilder(); Desk.Pen p = d.new Pen(b);"
    " new Desk.Brush(b); d.new Pen(new String[0]); return b.toString(); } }\n",
}


def test_a_buffer_given_to_a_constructor_is_shared_inner_class_or_not(tmp_path: Path) -> None:
    for path, text in BUFFERS.items():
        file = tmp_path / "shop/src/main/java" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "parts.toml").write_text('[parts.paper]\nclasses = ["paper.*"]\n[parts.app]\nclasses = ["app.*"]\n', encoding="utf-8")
    out = tmp_path / "out"
    result = run_split(SplitRequest(path=str(tmp_path / "shop"), out=out, parts_file=tmp_path / "parts.toml"), lambda _: None)
    assert result.plan.refusals == ()
    proxy = (out / "app/src/proxy/java/paper/Desk.java").read_text(encoding="utf-8")
    made = [line.strip() for line in proxy.splitlines() if "Remote.create" in line]
    assert sum("Desk.this, Remote.shared(out))" in line for line in made) == 1, made
    assert sum("BRUSH_NEW, Remote.shared(out))" in line for line in made) == 1, made
    assert any("Desk.this, words)" in line for line in made), made
    assert any("Desk.this, words, more)" in line for line in made), made
    assert any("Pen.this, n, Remote.shared(ink))" in line for line in made), made
