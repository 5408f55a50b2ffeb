"""What late work costs, and what students read about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from autograder.course import Course, LateRule, parse
from autograder.errors import CourseError

BERLIN = ZoneInfo("Europe/Berlin")
RULE = LateRule(per_day=10, last_day=7, grace_seconds=900)
DAY = 86_400


@pytest.mark.parametrize(("seconds", "days"), [
    (-1, 0), (0, 0), (900, 0), (901, 1), (DAY, 1), (DAY + 1, 2), (7 * DAY, 7), (7 * DAY + 1, 8),
])
def test_a_day_that_has_begun_counts(seconds: float, days: int) -> None:
    due = datetime(2030, 1, 10, 23, 59, tzinfo=UTC)
    assert RULE.days_late(due, due + timedelta(seconds=seconds)) == days


@pytest.mark.parametrize(("due", "hours", "days"), [
    # Clocks go back in the night to 25 October 2026: that day has 25 hours.
    (datetime(2026, 10, 24, 23, 59, tzinfo=BERLIN), 23.5, 1),
    (datetime(2026, 10, 24, 23, 59, tzinfo=BERLIN), 24.9, 1),
    (datetime(2026, 10, 24, 23, 59, tzinfo=BERLIN), 25.1, 2),
    (datetime(2026, 10, 22, 23, 59, tzinfo=BERLIN), 72.9, 3),
    # They go forward on 28 March 2027: that day has 23 hours.
    (datetime(2027, 3, 27, 23, 59, tzinfo=BERLIN), 22.9, 1),
    (datetime(2027, 3, 27, 23, 59, tzinfo=BERLIN), 23.1, 2),
    (datetime(2027, 3, 25, 23, 59, tzinfo=BERLIN), 71.1, 4),
])
def test_a_day_ends_when_the_clock_shows_the_deadline_again(due: datetime, hours: float, days: int) -> None:
    handed_in = due.astimezone(UTC) + timedelta(hours=hours)
    assert RULE.days_late(due, handed_in) == days
    # course.yml writes an offset, not a zone: the zone of the course says how long its days are.
    fixed = datetime.fromisoformat(due.isoformat())
    assert RULE.days_late(fixed, handed_in, BERLIN) == days


def test_without_a_zone_a_day_has_24_hours() -> None:
    due = datetime.fromisoformat("2026-10-24T23:59:00+02:00")
    assert RULE.days_late(due, due.astimezone(UTC) + timedelta(hours=24.9)) == 2


def test_what_is_lost() -> None:
    assert [RULE.penalty(40, days) for days in (0, 1, 7, 8)] == pytest.approx([0, 4, 28, 40])
    assert LateRule(per_day=60).penalty(40, 2) == 40, "never more than there is"


@pytest.mark.parametrize(("rule", "sentence"), [
    (LateRule(per_day=10, last_day=7),
     "Late work loses 10 % of its points for each day that has begun, and is not accepted after one week."),
    (LateRule(per_day=12.5, last_day=3, grace_seconds=900),
     "Late work loses 12.5 % of its points for each day that has begun, and is not accepted after 3 days. "
     "The first 15 minutes after the deadline cost nothing."),
    (LateRule(last_day=0), "Late work is not accepted."),
    (LateRule(last_day=1), "Late work loses nothing, but is not accepted after one day."),
])
def test_the_sentence_says_the_rule(rule: LateRule, sentence: str) -> None:
    assert rule.sentence == sentence


def course(text: str) -> Course:
    head = "id: c\ntitle: C\n"
    body = "assignments:\n  one: {title: One, due: 2026-10-24T23:59:00+02:00}\n  two: {title: Two}\n"
    return parse(head + text + body, folders=["one", "two"])


def test_an_extension_is_the_deadline_of_one_student() -> None:
    found = course("extensions:\n  ada: {one: 2026-10-31T23:59:00+01:00}\n")
    assert found.due("ada", "one") == datetime(2026, 10, 31, 23, 59, tzinfo=BERLIN)
    assert found.due("bob", "one") == datetime(2026, 10, 24, 23, 59, tzinfo=BERLIN)
    assert found.due("ada", "two") is None


def test_an_assignment_changes_only_the_numbers_that_it_names() -> None:
    text = "id: c\ntitle: C\ndefaults: {late: {per_day: 10, last_day: 7}}\n" \
           "assignments:\n  one: {title: One, late: {last_day: 2}}\n  two: {title: Two}\n"
    found = parse(text, folders=["one", "two"])
    assert found.assignment("one").late == LateRule(per_day=10, last_day=2)
    assert found.assignment("two").late == LateRule(per_day=10, last_day=7)


@pytest.mark.parametrize(("text", "sentence"), [
    ("timezone: Europe/Berlino\n", "'timezone' must be a time zone such as Europe/Berlin"),
    ("timezone: America/New_York\n", "'assignments.one.due' says .0200, but clocks in America/New_York then"),
    ("extensions: {ada: {three: 2026-10-31T23:59:00+01:00}}\n", "there is no assignment 'three' to extend"),
    ("extensions: {ada: {two: 2026-10-31T23:59:00+01:00}}\n", "later than the deadline of 'two' .it has none."),
    ("extensions: {ada: {one: 2026-10-20T23:59:00+02:00}}\n", "later than the deadline of 'one'"),
    ("students: [bob]\nextensions: {ada: {one: 2026-10-31T23:59:00+01:00}}\n", "'ada' of 'extensions' is not among"),
    ("defaults: {late: Nothing is accepted.}\n", "'defaults.late' must be a rule such as .per_day: 10, last_day: 7"),
    ("defaults: {late: {perday: 10}}\n", "the key 'perday' is unknown in 'defaults.late': did you mean 'per_day'"),
    ("defaults: {late: {per_day: 120}}\n", "'defaults.late.per_day' must be less than or equal to 100"),
])
def test_what_is_wrong_is_said_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(CourseError, match=sentence):
        course(text)
