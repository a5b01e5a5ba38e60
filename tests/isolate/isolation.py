"""`python -m tests.isolate.isolation PATH`: disconnected subgraphs beside the published ones of DayTrader (ID-passing paper).

The published tool joins what constructors touch in some classes and misses field uses through a receiver (`list.isEmpty()`) in
others; a class counts as equal where the groups of method names are.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from refactor.flow.facts import index
from refactor.isolate.subgraphs import relocatable, subgraphs
from refactor.pipeline.load import load_program
from tests.partition.graphs import SHARED


def main(argv: Sequence[str]) -> int:
    facts = index(load_program(argv[0], progress=lambda _: None).program)
    found = subgraphs(facts)
    print(f"{sum(map(len, found.values()))} subgraphs in {len(found)} classes; of top-level classes {_count(found)}")
    published = SHARED / "isolation" / "class_subgraphs.json"
    if not published.exists():
        return 0
    ours = {name.rpartition(".")[2]: groups for name, groups in found.items()}
    data = [c for c in json.loads(published.read_text())["all"].values() if c["classname"] in ours]
    print(f"published: {sum(len(c['subgraphs']) for c in data)} in {len(data)} classes")
    equal = 0
    for cls in sorted(data, key=lambda c: c["classname"]):
        theirs = sorted(tuple(sorted(m.partition("(")[0] for m in s["methods"])) for s in cls["subgraphs"].values())
        mine = sorted(tuple(sorted(m.partition("#")[2].partition("(")[0] for m in s.methods)) for s in ours[cls["classname"]])
        equal += theirs == mine
        if theirs != mine:
            joined = "joined there" if len(theirs) < len(mine) else "divided there" if len(theirs) > len(mine) else "other methods"
            print(f"  {cls['classname']}: {len(theirs)} published, {len(mine)} here ({joined})")
    print(f"equal: {equal} of {len(data)} classes")
    clusters = {c["classname"]: c["cluster"] for c in data}
    parts = {top: clusters[short] for top in facts.members if (short := top.rpartition(".")[2]) in clusters}
    moved = relocatable(facts, found, parts)
    movable = json.loads((SHARED / "isolation" / "movableSubgraphs.json").read_text())["all"]
    wanted = {(c, s["methods"][0].partition("(")[0]) for c, groups in movable.items() for s in groups.values()}
    here = {(g.cls.rpartition(".")[2], m.partition("#")[2].partition("(")[0]) for g, _ in moved for m in g.methods}
    published_too = len(wanted & here)
    print(f"relocatable: {sum(map(len, movable.values()))} published, {len(moved)} here; of the published ones {published_too} here too")
    return 0


def _count(found: dict[str, tuple[object, ...]]) -> int:
    return sum(len(groups) for name, groups in found.items() if "$" not in name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
