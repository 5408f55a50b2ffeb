"""Numbers drawn for a student: stable, uniform enough, and unknown without the secret."""

from __future__ import annotations

from collections import Counter

import pytest

from autograder.notebook import draw_sizes, secret_fingerprint, variant_code
from autograder.notebook.draws import CODE

SECRET = "5e" * 32
RANGES = {"UNITS": tuple(range(96, 161, 8)), "EPOCHS": (4, 5, 6), "RATE": (0.1, 0.2)}
CLASS = [f"student-{number}" for number in range(3_000)]


def test_numbers_never_change() -> None:
    """A new version that drew others would grade a class with numbers that it never had: these are locked."""
    assert draw_sizes(SECRET, "first-network", "ada", RANGES) == {"UNITS": 128, "EPOCHS": 5, "RATE": 0.1}
    assert draw_sizes(SECRET, "first-network", "eve", RANGES) == {"UNITS": 144, "EPOCHS": 4, "RATE": 0.2}
    assert variant_code(SECRET, "first-network", "ada") == "NCEA-OHPQ"


def test_capitals_in_an_id_do_not_matter() -> None:
    assert draw_sizes(SECRET, "a", "Ada@Uni.edu", RANGES) == draw_sizes(SECRET, "a", "ada@uni.edu", RANGES)
    assert variant_code(SECRET, "a", "ADA") == variant_code(SECRET, "a", "ada")


@pytest.mark.parametrize("name", RANGES)
def test_all_numbers_of_a_range_are_about_equally_frequent(name: str) -> None:
    counts = Counter(draw_sizes(SECRET, "a", student, RANGES)[name] for student in CLASS)
    expected = len(CLASS) / len(RANGES[name])
    statistic = sum((counts[number] - expected) ** 2 / expected for number in RANGES[name])
    assert set(counts) == set(RANGES[name])
    assert statistic < 30, "the chance of this for a uniform draw is below 1 in 1,000 with 8 degrees of freedom"


def test_names_are_drawn_independently() -> None:
    pairs = Counter((one["EPOCHS"], one["RATE"]) for one in (draw_sizes(SECRET, "a", s, RANGES) for s in CLASS))
    assert len(pairs) == 6 and min(pairs.values()) > 0.8 * len(CLASS) / 6


def test_secret_assignment_and_student_matter() -> None:
    def drawn(secret: str, assignment: str) -> list[dict[str, int | float]]:
        return [draw_sizes(secret, assignment, student, RANGES) for student in CLASS[:200]]

    def share(first: list[dict[str, int | float]], second: list[dict[str, int | float]]) -> float:
        return sum(one == two for one, two in zip(first, second, strict=True)) / len(first)

    base = drawn(SECRET, "a")
    assert share(base, drawn("5f" * 32, "a")) < 0.1 and share(base, drawn(SECRET, "b")) < 0.1
    assert len({tuple(one.items()) for one in base}) > 40


def test_another_range_changes_no_other_number() -> None:
    more = {**RANGES, "BATCH_SIZE": (32, 64)}
    for student in CLASS[:50]:
        both = draw_sizes(SECRET, "a", student, more)
        assert {name: both[name] for name in RANGES} == draw_sizes(SECRET, "a", student, RANGES)


def test_codes_are_short_and_different_and_the_fingerprint_tells_a_changed_secret() -> None:
    codes = {variant_code(SECRET, "a", student) for student in CLASS}
    assert len(codes) == len(CLASS) and all(CODE.fullmatch(code) for code in codes)
    assert secret_fingerprint(SECRET) != secret_fingerprint("5f" * 32)
    assert len(secret_fingerprint(SECRET)) == 16 and SECRET[:16] not in secret_fingerprint(SECRET)
