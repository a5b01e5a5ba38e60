"""The published DayTrader data, read once: the graph, the evidence, the baselines."""

from __future__ import annotations

import json
from functools import cache

from refactor.partition.formats import by_short_name, read_seed_partition, short_name
from refactor.partition.graph import ClassGraph
from refactor.partition.graphfile import load_graph
from refactor.partition.metrics import Evidence
from tests.partition.graphs import FIXTURES, SHARED

FACTS = json.loads((FIXTURES / "daytrader_cargo_facts.json").read_text())
BASELINES = sorted(FACTS["refinement"])


@cache
def daytrader() -> ClassGraph:
    return load_graph(SHARED / "daytrader8_class_sdg.json")


@cache
def evidence() -> Evidence:
    names = daytrader().nodes
    full = {short_name(n): n for n in names}
    calls = {}
    for pair, volume in json.loads((SHARED / "runtime_call_volume.json").read_text()).items():
        a, b = (short_name(end) for end in pair.split("--"))
        if "Root" not in (a, b):
            calls[full.get(a, a), full.get(b, b)] = float(volume)
    return Evidence(by_short_name(json.loads((SHARED / "bcs_per_class.json").read_text()), names), calls)


def baseline(name: str) -> tuple[dict[str, str], dict[str, str]]:
    found = read_seed_partition(SHARED / "baseline_partitions" / f"{name}.json", daytrader().nodes)
    assert found.ambiguous == ()
    return found.labels, found.outside
