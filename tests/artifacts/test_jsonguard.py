"""JSON of strangers: bounded, with one meaning, and nothing but ArtifactError."""

from __future__ import annotations

import contextlib
import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.artifacts.jsonguard import parse, parse_lines
from autograder.errors import ArtifactError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=20,
)


@pytest.mark.parametrize("data", [
    b"", b"{", b'{"a": 1, "a": 2}', b"\xff\xfe", b"[" * 100_000, b'{"a":' * 5000, b"[" * 70 + b"]" * 70,
    b"'a'", b"[1,]", b'"\xed\xa0\x80"', b"[" + b"0," * 1_100_000 + b"0]",
])
def test_bad_documents_are_refused(data: bytes) -> None:
    with pytest.raises(ArtifactError):
        parse(data)


def test_size_is_held_first() -> None:
    with pytest.raises(ArtifactError, match="at most 10 bytes"):
        parse(b"[1, 2, 3, 4]", limit=10)


def test_constants_and_huge_numbers_have_a_meaning() -> None:
    nan, infinite, negative, huge, long = parse(f"[NaN, Infinity, -Infinity, 1e999, {'9' * 5000}]".encode())
    assert math.isnan(nan)
    assert (infinite, negative, huge) == (math.inf, -math.inf, math.inf)
    assert isinstance(long, str)


def test_half_surrogate_pairs_do_not_survive() -> None:
    seen = parse(rb'{"a\ud800": ["\udfff", "\ud83d\ude00", "\\ud800"]}')
    json.dumps(seen, ensure_ascii=False).encode("utf-8")
    assert next(iter(seen.values()))[1:] == ["\U0001f600", "\\ud800"]


def test_a_bad_line_costs_itself_only() -> None:
    seen = list(parse_lines(b'{"a": 1}\n\nnonsense\n[2]\n{"cut'))
    assert [type(item).__name__ for item in seen] == ["dict", "ArtifactError", "list", "ArtifactError"]


@settings(deadline=None)
@given(JSON)
def test_what_json_writes_is_read_as_it_was(document: object) -> None:
    assert parse(json.dumps(document).encode()) == document or "9" * 41 in json.dumps(document)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    with contextlib.suppress(ArtifactError):
        parse(data)
