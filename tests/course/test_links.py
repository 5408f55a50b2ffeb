"""``links:`` of course.yml: the line at the top of a notebook that opens it, and what is refused."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from autograder.course import Course, parse
from autograder.errors import CourseError
from autograder.pipeline.release.placeholders import between_facts, fill

START = "id: one\ntitle: One\n"


def course(links: str = "") -> Course:
    return parse(START + (f"links: {{{links}}}\n" if links else ""), folders=[])


def test_nothing_is_linked_unless_an_address_is_set() -> None:
    assert course().links.line("digits") == ""
    notebook = {"cells": [{"cell_type": "markdown", "metadata": {}, "source": "# Title\n\n{{ open_in }}\n\nText"}]}
    fill(notebook, {"open_in": ""})
    assert notebook["cells"][0]["source"] == "# Title\n\nText"


def test_a_badge_for_colab_and_a_link_to_the_hub() -> None:
    line = course("repository: 'https://github.com/uni/course.git', hub: 'https://hub.uni.edu/', "
                  "guide: 'https://uni.edu/first'").links.line("digits")
    colab, hub, guide = line.split(" · ")
    assert colab.endswith("](https://colab.research.google.com/github/uni/course/blob/main/release/digits/digits.ipynb)")
    address = urlsplit(hub.partition("](")[2].removesuffix(")"))
    assert (address.hostname, address.path) == ("hub.uni.edu", "/hub/user-redirect/git-pull")
    assert parse_qs(address.query) == {"repo": ["https://github.com/uni/course"], "branch": ["main"],
                                       "urlpath": ["lab/tree/course/release/digits/digits.ipynb"]}
    assert guide.endswith("](https://uni.edu/first)")


def test_colab_opens_only_what_is_on_github() -> None:
    set_to = "repository: 'https://git.uni.edu/a/course', hub: 'https://hub.uni.edu', branch: next/one"
    line = course(set_to).links.line("x")
    assert "colab" not in line and "branch=next%2Fone" in line


@pytest.mark.parametrize(("links", "said"), [
    ("repository: 'http://github.com/a/b'", "an address such as"),
    ("repository: 'https://github.com/a/b) [x](javascript:1'", "an address such as"),
    ("hub: 'https://hub.uni.edu'", "a hub together with the repository"),
    ("branch: 'a b'", "the name of a branch"),
    ("repositry: 'https://github.com/a/b'", "repository"),
])
def test_what_is_refused(links: str, said: str) -> None:
    with pytest.raises(CourseError, match=said):
        course(links)


def test_the_number_between_two_minimums_is_rounded_up() -> None:
    values = {"minimum.a": "0.880", "minimum.b": "0.935", "minimum.c": "not yet calibrated"}
    assert between_facts(["between.a.b", "between.a.c", "minimum.a"], values) == {
        "between.a.b": "0.908", "between.a.c": "not yet calibrated"}
