"""What each metric is, in a line: the same words on the console and on the page."""

from __future__ import annotations

_MEANING = {
    "parts": "number of parts",
    "largest": "classes in the largest part",
    "largest_share": "its share of the classes; one part is 1",
    "coverage": "assigned classes / all",
    "coupling": "edge weight between parts / all edge weight; lower is better, one part is 0",
    "coupling_paper": "the same with every cut edge counted for both its parts",
    "cohesion_cargo": "mean of 2i / (2i + e) over parts; one part is 1",
    "cohesion_paper": "mean of i / (i + e) over parts",
    "icp": "calls between parts / all calls",
    "icp_mono2micro": "the same, each pair of classes weighted ln(calls) + 1",
    "dtp": "transactional purity: 1 - mean entropy of the parts that access a table; 1 is best",
    "table_entropy": "1 - dtp",
    "ned": "share of classes in parts of fewer than 5 or more than 20 classes; lower is better",
    "sm": "structural modularity; higher is better",
    "ifn": "classes per part that other parts call",
    "cut_write_transactions": "transactions that write tables of more than one part",
    "coupling_remote": "coupling of the calls and field accesses that stay remote when stateless code, interfaces and values are copied",
    "sites_remote": "coupling_remote, counted in places of the source",
    "bcp_cargo": "business context purity: mean entropy of the use cases of a part; lower is better",
    "bcp_mono2micro": "the same as Mono2Micro counts it: by use cases that several parts share",
    "largest_share_remote": "largest_share of the classes that are not copied",
    "ned_remote": "ned of the classes that are not copied",
    "dtp_remote": "dtp of the classes that are not copied",
    "copied": "classes that are copied to every part that needs them",
    "stability": "adjusted Rand index between runs with other seeds; 1 is always the same",
}


def meaning(metric: str) -> str:
    """Empty for a name that is no metric."""
    return _MEANING.get(metric, "")
