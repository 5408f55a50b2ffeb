"""Nicknames are untrusted text: what may be shown of them, and where they stand."""

from __future__ import annotations

import re

import pytest
from rich.console import Console

from autograder.feedback.board import ANONYMOUS, Score, board_table, places, render_leaderboard, shown_name


def score(nickname: str, accuracy: float = 0.9, parameters: int = 1000) -> Score:
    return Score(nickname=nickname, accuracy=accuracy, parameters=parameters)


@pytest.mark.parametrize("written, shown", [
    ("Ada", "Ada"),
    ("  two   words\n", "two words"),
    ("Ångström 42 🦊", "Ångström 42 🦊"),
    ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
    ("\u202egnp.exe", "gnp.exe"),
    ("zero\u200bwidth\ufeff", "zerowidth"),
    ("x" * 500, "x" * 30),
    ("\ufb03" * 20, "ffi" * 10),
    ("e" + "\u0321" * 40 + "nd", "e\u0321\u0321nd"),
    ("\ud800half", "half"),
    ("", ""), ("   \t", ""), ("\u3164\u2800\u200b", ""),
])
def test_what_is_shown_of_a_nickname(written: str, shown: str) -> None:
    assert shown_name(written) == shown
    assert len(shown_name(written)) <= 30 and shown_name(written).isprintable()


@pytest.mark.parametrize("written", [
    "mei-2041", "MEI-2041", "it is mei-2041!", "\uff4d\uff45\uff49-2041", "mei\u200b-2041"])
def test_no_id_is_ever_shown(written: str) -> None:
    assert shown_name(written, {"mei-2041", "li"}) == ANONYMOUS


def test_a_short_id_is_no_reason_to_hide_a_word() -> None:
    assert shown_name("Linear", {"li"}) == "Linear" and shown_name("Li", {"li"}) == ANONYMOUS


def test_accuracy_counts_first_then_the_smaller_network() -> None:
    board = places([score("c", 0.97, 9), score("a", 0.98, 50), score("b", 0.98, 40), score("d", 0.98, 40)])
    assert [(one.rank, one.name) for one in board] == [(1, "b"), (1, "d"), (3, "a"), (4, "c")]


def test_equal_names_are_kept_apart() -> None:
    board = places([score("Ada", 0.9), score("ada ", 0.8), score("Ada", 0.7), score("Bo", 0.6)])
    assert [one.name for one in board] == ["Ada", "ada (2)", "Ada (3)", "Bo"]


def test_who_gave_no_name_is_not_on_the_board() -> None:
    assert [one.name for one in places([score("", 0.99), score("Ada"), score("\u200b")])] == ["Ada"]


def test_the_page_escapes_and_asks_for_nothing() -> None:
    page = render_leaderboard(places([score("<script>alert(1)</script>"), score('" onload="x')]), "A & B")
    assert "<script" not in page and "&lt;script&gt;" in page and "A &amp; B" in page
    assert not re.search(r"https?://|<img|<link", page)
    assert "default-src 'none'" in page and "0.9000" in page and "1,000" in page


def test_an_empty_board_says_so() -> None:
    assert "Nobody is on the board yet." in render_leaderboard((), "Challenge")


def test_the_terminal_reads_no_markup() -> None:
    console = Console(record=True, width=80, file=None, quiet=True)
    console.quiet = False
    with console.capture() as captured:
        console.print(board_table(places([score("[red]x[/red]")])))
    assert "[red]x[/red]" in captured.get()
