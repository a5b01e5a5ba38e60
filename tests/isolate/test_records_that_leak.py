"""A record whose constructor gives `this` away is not whole where it arrives: no copy of it can be made there."""

from __future__ import annotations

from pathlib import Path

from refactor.isolate.plan import Passing
from refactor.pipeline.split import SplitRequest, run_split

FILES = {
    "pay/Command.java": "package pay;\npublic record Command(String to) { public Command { check.Check.all(this); } }\n",
    "pay/Pay.java": "package pay;\npublic class Pay { private int n; public String send(Command c) { n++; return c.to(); } }\n",
    "check/Check.java": "package check;\n"
    "public class Check { private static int n; public static void all(Object o) { n += o.toString().length(); } }\n",
}
PARTS = '[parts.pay]\nclasses = ["pay.*"]\n[parts.check]\nclasses = ["check.*"]\n'


def test_it_is_no_value(tmp_path: Path) -> None:
    for path, text in FILES.items():
        file = tmp_path / "shop/src/main/java" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "parts.toml").write_text(PARTS, encoding="utf-8")
    request = SplitRequest(path=str(tmp_path / "shop"), out=tmp_path / "out", parts_file=tmp_path / "parts.toml", dry_run=True)
    plan = run_split(request, lambda _: None).plan
    assert plan.refusals == ()
    command = next(c for c in plan.classes if c.name == "pay.Command")
    assert dict(command.passing)["pay.Command"] is not Passing.VALUE
