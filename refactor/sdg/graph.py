"""The system dependency graph as a value: numbered nodes, edges between them, contexts as texts.

The class and table views are graphs of the same form with fewer kinds of nodes. Simplifications: a lambda's code counts for
the method around it; an access path longer than one field is one DATA edge a step; edges of the class view keep the place of their
first record.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum

from refactor.sdg.model import Access, Table
from refactor.sdg.scopes import Scope
from refactor.support.diagnostics import Diagnostic
from refactor.support.fast_init import fast_init
from refactor.support.source import Span


class NodeKind(Enum):
    METHOD = "method"
    FIELD = "field"
    CLASS = "class"
    TABLE = "table"


class EdgeKind(Enum):
    """`label` of an edge: CALL "" or the library method in between; DATA arguments, result, read, write; HEAP the object;
    TRANSACTION C, R, U, D of a table, "entry" from a transaction's entry, "together" between tables of one transaction."""

    CALL = "call"
    DATA = "data"
    HEAP = "heap"
    TRANSACTION = "transaction"


@fast_init
@dataclass(frozen=True, slots=True)
class Node:
    """`name`: a member's key, a class or a table."""

    kind: NodeKind
    name: str
    span: Span | None = None


@fast_init
@dataclass(frozen=True, slots=True)
class Edge:
    """Ends are numbers of nodes, contexts numbers of contexts (-1: none); `weight`: how many records it stands for."""

    source: int
    target: int
    kind: EdgeKind
    label: str = ""
    source_context: int = -1
    target_context: int = -1
    span: Span | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Sdg:
    """`view`: method, class or table; `policy`: how calls were found; `unreachable`: (method, why) as far as entry points are known."""

    view: str
    policy: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    contexts: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    accesses: tuple[Access, ...] = ()
    scopes: tuple[Scope, ...] = ()
    unreachable: tuple[tuple[str, str], ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    def counts(self) -> tuple[dict[str, int], dict[str, int]]:
        """Nodes and edges by kind, in the order of the kinds."""
        nodes = Counter(n.kind for n in self.nodes)
        edges = Counter(e.kind for e in self.edges)
        return {k.value: nodes[k] for k in NodeKind if nodes[k]}, {k.value: edges[k] for k in EdgeKind if edges[k]}

    def context(self, number: int) -> str | None:
        return self.contexts[number] if number >= 0 else None

    def check(self) -> None:
        """Raises ValueError where an end or a context is no number of this graph, a node is doubled, or an edge a loop."""
        if len({(n.kind, n.name) for n in self.nodes}) != len(self.nodes):
            raise ValueError("a node occurs twice in the graph")
        for edge in self.edges:
            ends = (edge.source, edge.target)
            if not all(0 <= e < len(self.nodes) for e in ends) or edge.source == edge.target:
                raise ValueError(f"edge {ends} ends outside the graph or is a loop")
            if not all(-1 <= c < len(self.contexts) for c in (edge.source_context, edge.target_context)):
                raise ValueError(f"edge {ends} has an unknown context")
