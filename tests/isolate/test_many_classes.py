"""What is computed for all classes at once says the same as one class at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from refactor.flow.callgraph import CallGraph
from refactor.isolate.byname import _mentioned, _packages
from refactor.isolate.placement import _closures

BODIES = st.sampled_from([f"b{i}" for i in range(7)])


@given(
    calls=st.dictionaries(BODIES, st.frozensets(BODIES, max_size=4)),
    targets=st.lists(st.frozensets(BODIES, max_size=3), max_size=4),
    root=BODIES,
)
def test_who_reaches_targets_is_who_is_searched_from_every_root(
    calls: dict[str, frozenset[str]], targets: list[frozenset[str]], root: str
) -> None:
    graph = CallGraph(calls, {})
    found = graph.reaching(targets).get(root, 0)
    reached = graph.reach((root,))
    assert [bool(found >> i & 1) for i in range(len(targets))] == [bool(reached & target) for target in targets]


WORDS = st.lists(st.sampled_from(["a", "b", "ab", "A", "B$A"]), min_size=1, max_size=4).map(".".join)


@given(names=st.sets(WORDS), texts=st.lists(st.one_of(WORDS, st.sampled_from([".", " ", "a", "ab.", "x"])), max_size=6))
def test_a_text_is_searched_for_the_classes_of_packages_that_it_has(names: set[str], texts: list[str]) -> None:
    text = "".join(texts)
    assert sorted(_mentioned(_packages(sorted(names)), "", text)) == sorted(name for name in names if name in text)


@given(
    direct=st.fixed_dictionaries({f"b{i}": st.frozensets(BODIES, max_size=3) for i in range(7)}), suites=st.frozensets(BODIES, max_size=2)
)
def test_what_tests_need_beside_them_is_followed_but_not_through_suites(direct: dict[str, frozenset[str]], suites: frozenset[str]) -> None:
    def search(name: str) -> frozenset[str]:
        found, todo = {name}, [name]
        while todo:
            new = direct[todo.pop()] - suites - found
            found |= new
            todo += new
        return frozenset(found)

    assert _closures(direct, suites) == {name: frozenset({name}) if name in suites else search(name) for name in direct}
