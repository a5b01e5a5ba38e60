from __future__ import annotations

import json
from pathlib import Path

import pytest

from refactor.partition.formats import match_labels, read_seed_partition, short_name
from refactor.support.diagnostics import RefactorError
from tests.partition.graphs import SHARED

CLASSES = ("x.y.Order", "x.y.Key$Block", "x.a.Twin", "x.b.Twin")


def test_short_names() -> None:
    assert short_name("a.b.Outer$Inner") == short_name("Outer::Inner") == "Outer$Inner"


def test_flat_form_matches_by_short_name(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps({"Order": 0, "Key::Block": 1, "Twin": 2, "Gone::In": 3}))
    found = read_seed_partition(path, CLASSES)
    assert found.labels == {"x.y.Order": "0", "x.y.Key$Block": "1"}
    assert found.ambiguous == ("Twin",)
    assert found.outside == {"Gone$In": "3"}


def test_full_names_are_never_ambiguous() -> None:
    assert match_labels({"x.a.Twin": "1"}, CLASSES).labels == {"x.a.Twin": "1"}


def test_several_partitions_in_one_file_need_a_choice(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps({"native_partitions": {"K3": {"Order": 0}, "K5": {"Order": 1}}}))
    assert read_seed_partition(path, CLASSES, "K5").labels == {"x.y.Order": "1"}
    with pytest.raises(RefactorError, match="choose one of K3, K5"):
        read_seed_partition(path, CLASSES)
    with pytest.raises(RefactorError, match="has no partition 'K7'"):
        read_seed_partition(path, CLASSES, "K7")


def test_cluster_export_labels_services_only(tmp_path: Path) -> None:
    nodes = [
        {"id": "1", "label": "x.y.Order", "entity_type": "class"},
        {"id": "2", "label": "orders", "entity_type": "table"},
        {"id": "3", "label": "x.a.Twin", "entity_type": "class"},
        {"id": "4", "label": "x.b.Twin", "entity_type": "service_program"},
    ]
    clusters = [
        {"type": "microservices_group", "label": "OrderService", "nodes": ["1", "2", "4"]},
        {"type": "utility_group", "label": "Util", "nodes": ["3"]},
    ]
    path = tmp_path / "p.json"
    path.write_text(json.dumps({"clusters": clusters, "nodes": nodes, "edges": []}))
    assert read_seed_partition(path, CLASSES).labels == {"x.y.Order": "OrderService", "x.b.Twin": "OrderService"}


def test_parts_toml_is_a_seed_partition_too(tmp_path: Path) -> None:
    path = tmp_path / "parts.toml"
    path.write_text('[parts.a]\nclasses = ["x.y.*"]\n')
    assert read_seed_partition(path, CLASSES).labels == {"x.y.Order": "a", "x.y.Key$Block": "a"}
    path.write_text('[parts.a]\nclasses = ["x.z.*"]\n')
    with pytest.raises(RefactorError, match="matches no class"):
        read_seed_partition(path, CLASSES)


@pytest.mark.parametrize("text", ["{", "[1]", "{}", '{"A": 1.5}', '{"A": true}', '{"clusters": [{}], "nodes": []}'])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(text)
    with pytest.raises(RefactorError) as caught:
        read_seed_partition(path, CLASSES)
    assert caught.value.exit_code == 4


@pytest.mark.skipif(not SHARED.exists(), reason="the published DayTrader data is not here")
def test_every_published_partition_is_read() -> None:
    graph = json.loads((SHARED / "daytrader8_class_sdg.json").read_text())
    counts = {}
    for path in sorted((SHARED / "baseline_partitions").rglob("*.json")):
        found = read_seed_partition(path, graph["nodes"])
        counts[path.parent.name] = (len(found.labels), len(found.outside))
        assert len(found.labels) + len(found.outside) == len(json.loads(path.read_text()))
    assert counts == {"CoGCN": (51, 23), "FoSCI": (42, 19), "MEM": (51, 23), "Mono2Micro": (51, 24)}
    clusters = read_seed_partition(SHARED / "isolation" / "graph_clustering.json", graph["nodes"])
    assert len(set(clusters.labels.values())) >= 4
