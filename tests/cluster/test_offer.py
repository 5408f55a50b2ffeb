"""What workers offer, and which addresses are accepted."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest

from autograder.cluster import Offer, check_address, require_dask
from autograder.cluster.offer import read_offer
from autograder.errors import ClusterError

OFFER = Offer(version="1", isolation="full", versions={"keras": "3"}, slots=4)


def test_workers_of_one_kind_run_work_in_the_same_way() -> None:
    same = OFFER.model_copy(update={"slots": 1, "host": "other"})
    assert same.kind == OFFER.kind and OFFER.resources == {"cpu": 4.0, OFFER.kind: 4.0}
    for change in ({"version": "2"}, {"isolation": "restricted"}, {"versions": {"keras": "4"}}, {"device": "gpu"},
                   {"judge": True}, {"format": 2}):
        assert OFFER.model_copy(update=change).kind != OFFER.kind
    assert OFFER.model_copy(update={"judge": True}).resource == "judge"


@pytest.mark.parametrize("facts", [{}, {"autograder": None}, {"autograder": {"version": "1"}}, {"autograder": [1]},
                                   {"autograder": OFFER.model_dump() | {"slots": 0}},
                                   {"autograder": OFFER.model_dump() | {"versions": {str(n): "1" for n in range(999)}}},
                                   {"autograder": OFFER.model_dump() | {"version": "x" * 1000}},
                                   {"autograder": OFFER.model_dump() | {"version": "\x1b[2J"}},
                                   {"autograder": OFFER.model_dump() | {"host": "a\nb"}},
                                   {"autograder": OFFER.model_dump() | {"gpus": ["\u202e"]}},
                                   {"autograder": OFFER.model_dump() | {"versions": {"device": "\ud800"}}},
                                   {"autograder": OFFER.model_dump() | {"versions": {"device": "x" * 1_000_000}}}])
def test_what_is_no_offer_is_no_worker(facts: dict[str, Any]) -> None:
    assert read_offer(facts) is None
    assert read_offer({"autograder": OFFER.model_dump(mode="json")}) == OFFER


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "tcp://localhost:1", "tcp://[::1]:8786", "tls://head-1:8786"])
def test_addresses_that_are_accepted(address: str) -> None:
    assert check_address(address, unencrypted=False) == address


@pytest.mark.parametrize("address", ["", "here", "127.0.0.1:8786", "ws://127.0.0.1:1", "tcp://a:99999", "tcp://a b:1",
                                     "inproc://x", "tcp://127.0.0.1:8786/x"])
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(ClusterError, match="Expected a scheduler's address such as"):
        check_address(address, unencrypted=True)


def test_a_connection_that_everybody_can_read_must_be_wanted() -> None:
    with pytest.raises(ClusterError, match="not encrypted, so whoever reaches it can forge"):
        check_address("tcp://192.0.2.1:8786", unencrypted=False)
    assert check_address("tcp://192.0.2.1:8786", unencrypted=True)


def test_without_dask_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ClusterError, match=r"pip install 'keras-autograder\[cluster\]'"):
        require_dask()
