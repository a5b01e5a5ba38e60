"""Indented JSON is the text that the standard library writes."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from refactor.support.jsontext import indented

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
_VALUES = st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=20)


@given(_VALUES)
def test_same_text_as_the_standard_library(value: object) -> None:
    assert indented(value) == json.dumps(value, indent=1)


def test_tuples_are_lists() -> None:
    assert indented({"a": (1, ())}) == json.dumps({"a": [1, []]}, indent=1)
