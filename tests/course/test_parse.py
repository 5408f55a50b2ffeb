"""``course.yml``: what is accepted, and one sentence with line and nearest key for what is not."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest
import yaml

from autograder.course import MAX_BYTES, is_student_id, parse, schema, student_id
from autograder.errors import CourseError

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples" / "courses"
GOOD = (SAMPLES / "two-assignments.yml").read_text(encoding="utf-8")
FOLDERS = ["digits", "iris"]


def sentence(text: str, folders: list[str] | None = None) -> str:
    with pytest.raises(CourseError) as caught:
        parse(text, folders=FOLDERS if folders is None else folders)
    message = str(caught.value)
    assert "\n" not in message
    assert message.rstrip().endswith((".", "?"))
    return message


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_course_of_this_repository_is_valid() -> None:
    folders = [folder.name for folder in (ROOT / "assignments").iterdir() if folder.is_dir()]
    course = parse((ROOT / "course.yml").read_text(encoding="utf-8"), folders=folders)
    assert course.id == "keras-intro"
    assignment = course.assignment("mlp-digits")
    assert (assignment.limits.cell_seconds, assignment.limits.notebook_seconds) == (90, 360)
    assert assignment.due is not None and assignment.due.tzinfo is not None
    assert assignment.late and assignment.ai_rule and assignment.attempts
    assert set(course.graders) == {"cpu", "gpu"} and course.graders["gpu"].gpus == 1


def test_defaults_are_merged_key_by_key_and_units_are_resolved() -> None:
    course = parse(GOOD, folders=FOLDERS)
    digits, iris = course.assignment("digits"), course.assignment("iris")
    assert (digits.limits.memory_mib, digits.limits.cell_seconds, digits.limits.processes) == (3072, 90, 32)
    assert (iris.limits.memory_mib, iris.limits.cell_seconds) == (1536, 30)
    assert (digits.seeds, iris.seeds) == (12, 40)
    assert (digits.minimum.slack, digits.minimum.margin, digits.minimum.coverage) == (0.02, 0.2, 0.999)
    assert digits.due == datetime(2026, 10, 12, 21, 59, tzinfo=UTC)
    assert course.graders["cpu"].memory_mib == 4096 and course.graders["cpu"].seconds == 600
    assert course.students == ("ada", "Grace.Hopper@example.org")


def test_what_is_trained_again_is_set_for_all_and_for_one() -> None:
    text = GOOD.replace("defaults:\n", "defaults:\n  refit: {share: 0.1, seeds: 3}\n", 1)
    course = parse(text.replace("    grader: any\n", "    grader: any\n    refit: {seeds: 1, leaderboard: grade}\n", 1),
                   folders=FOLDERS)
    digits, iris = course.assignment("digits").refit, course.assignment("iris").refit
    assert (digits.share, digits.seeds, digits.margin, digits.leaderboard) == (0.1, 3, 0.005, "later")
    assert (iris.share, iris.seeds, iris.leaderboard) == (0.1, 1, "grade")
    assert parse(GOOD, folders=FOLDERS).assignment("iris").refit.share == 0.05
    for wrong, why in (("{share: 2}", "less than or equal to 1"), ("{shares: 0.1}", "did you mean 'share'?"),
                       ("{seeds: 0}", "greater than or equal to 1"), ("{leaderboard: soon}", "'later' or 'grade'")):
        with pytest.raises(CourseError, match=re.escape(why)):
            parse(GOOD.replace("defaults:\n", f"defaults:\n  refit: {wrong}\n", 1), folders=FOLDERS)


SIZED = GOOD.replace("    grader: any\n", """    grader: any
    data: own
    sizes:
      full: {TRAIN_IMAGES: 60_000, EPOCHS: 10, RATE: 0.5}
      short: {EPOCHS: 1}
    full_limits:
      notebook_time: 2 h
""")


def test_profiles_of_sizes_and_the_limits_of_the_full_recipe() -> None:
    course = parse(SIZED, folders=FOLDERS)
    iris, digits = course.assignment("iris"), course.assignment("digits")
    assert iris.sizes == {"full": {"TRAIN_IMAGES": 60_000, "EPOCHS": 10, "RATE": 0.5}, "short": {"EPOCHS": 1}}
    assert (iris.data, digits.data, digits.sizes) == ("own", "mnist", {})
    full = iris.profile("full").limits
    assert (full.notebook_seconds, full.cell_seconds, full.memory_mib) == (7200, 30, 1536), "laid over its limits"
    assert iris.profile("short").limits == iris.profile(None).limits == iris.limits


@pytest.mark.parametrize(("old", "new", "parts"), [
    ("EPOCHS: 10", "epochs: 10", ["a name in capitals such as TRAIN_IMAGES"]),
    ("EPOCHS: 10", "EPOCHS: ten", ["'assignments.iris.sizes.full.EPOCHS", "ten"]),
    ("EPOCHS: 10", "EPOCHS: true", ["EPOCHS"]),
    ("data: own", "data: ours", ["the data set 'ours' of 'iris' is not declared under 'datasets'"]),
    ("notebook_time: 2 h", "notbook_time: 2 h", ["did you mean 'notebook_time'?"]),
    ("    time: 10 min", "    time: 10 min\n    sizes: fll", ["no assignment has", "did you mean 'full'?"]),
])
def test_wrong_sizes_are_one_sentence(old: str, new: str, parts: list[str]) -> None:
    text = SIZED.replace(old, new, 1)
    assert text != SIZED
    message = sentence(text)
    assert all(part in message for part in parts), message


def test_folders_that_begin_with_a_dot_or_underscore_do_not_count() -> None:
    assert list(parse(GOOD, folders=[*FOLDERS, ".ipynb_checkpoints", "_draft"]).assignments) == FOLDERS


def test_an_unknown_assignment_is_a_sentence() -> None:
    with pytest.raises(CourseError, match="has no assignment 'iri': it has digits, iris"):
        parse(GOOD, folders=FOLDERS).assignment("iri")


def test_capitals_in_an_id_do_not_matter_but_the_list_decides() -> None:
    course = parse(GOOD, folders=FOLDERS)
    assert course.student("grace.hopper@EXAMPLE.org") == "Grace.Hopper@example.org"
    assert course.student("bob") is None


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("    memory: 3 GiB", "    memroy: 3 GiB", ["unknown", "did you mean 'memory'?"]),
        ("seeds: 40", "seed: 40", ["unknown", "did you mean 'seeds'?"]),
        ("title: Digits", "titel: Digits", ["'titel'", "did you mean 'title'?"]),
        ("seeds: 40", 'seeds: "40"', ["'assignments.iris.seeds' must be a whole number", '"40"']),
        ("seeds: 40", "seeds: true", ["'assignments.iris.seeds' must be a whole number"]),
        ("seeds: 40", "seeds: .inf", ["finite"]),
        ("cell_time: 30 s", "cell_time: soon", ["a time such as", '"soon"']),
        ("cell_time: 30 s", "cell_time: -3", ["cell_time", "greater than 0"]),
        ("cell_time: 30 s", "cell_time: 0 s", ["greater than 0"]),
        ("cell_time: 30 s", "cell_time: 1:30", ["a time such as"]),
        ("memory: 3 GiB", "memory: 3", ["a size with its unit"]),
        ("memory: 3 GiB", "memory: 3 apples", ["a size with its unit"]),
        ("grader: cpu", "grader: tpu", ["'cpu', 'gpu' or 'any'"]),
        ("grader: cpu", "grader: gpu", ["'gpu'", "not among 'graders'"]),
        ("2026-10-12T23:59:00+02:00", "2026-02-30T10:00:00+02:00", ["a date with time and zone"]),
        ("2026-10-12T23:59:00+02:00", "2026-10-12 23:59", ["zone is missing"]),
        ("2026-10-12T23:59:00+02:00", "[1]", ["a date with time and zone"]),
        ("data: data", "data: /srv/data", ["a path inside the course"]),
        ("data: data", "data: a/../../b", ["a path inside the course"]),
        ("data: data", "data: ~/data", ["a path inside the course"]),
        ("data: data", "data: C:\\data", ["a path inside the course"]),
        ("data: data", "data: ..\\data", ["a path inside the course"]),
        ("  - ada", "  - ../ada", ["a student id"]),
        ("  - ada", "  - .ada", ["a student id"]),
        ("  - ada", "  - GRACE.hopper@example.org", ["twice"]),
        ("students:", "pupils:", ["unknown", "known keys are id, title"]),
        ("  digits:", "  di/gits:", ["an id of at most 64"]),
        ("  cpu:", "  cpuu:", ["'cpuu' is unknown", "did you mean 'cpu'?"]),
        ("(?P<student>[a-z]+)_", "(?P<student>[a-z]+_", ["a regular expression"]),
        ("(?P<student>[a-z]+)_", "(?P<pupil>[a-z]+)_", ["named group"]),
        ("id: sample", "id: sample\nid: other", ["'id' occurs twice (first in line"]),
        ("id: sample", "id: &x sample", ["anchors"]),
        ("id: sample", "id: !!python/name:os.system sample", ["the tag"]),
        ("id: sample", "id: 2026-02-30", []),
        ("id: sample", "<<: {id: sample}", ["'<<' is unknown"]),
        ("id: sample", "? [1]\n: 2", ["a key must be a plain word"]),
    ],
)
def test_a_wrong_course_is_one_sentence_with_file_and_line(old: str, new: str, parts: list[str]) -> None:
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    if not parts:  # an id that YAML would read as a date is text
        assert parse(text, folders=FOLDERS).id == "2026-02-30"
        return
    message = sentence(text)
    assert message.startswith("course.yml, line ")
    for part in parts:
        assert part in message


def test_the_line_is_that_of_the_wrong_key() -> None:
    text = GOOD.replace("    memory: 3 GiB", "    memroy: 3 GiB")
    assert sentence(text).startswith(f"course.yml, line {line_of(text, 'memroy')}:")


def test_a_missing_key_is_named() -> None:
    assert "the key 'title' is missing in 'assignments.iris'" in sentence(GOOD.replace("    title: Iris\n", ""))


def test_folders_and_entries_must_agree() -> None:
    assert "has no folder assignments/iris" in sentence(GOOD, ["digits"])
    assert "did you mean 'irises'?" in sentence(GOOD, ["digits", "irises"])
    assert "the folder assignments/extra is not named" in sentence(GOOD, [*FOLDERS, "extra"])
    assert "capitals only" in sentence(GOOD.replace("  iris:", "  Digits:"), ["digits", "Digits"])


@pytest.mark.parametrize(
    "text",
    ["", "- 1", "3", "id: [", "id: 'x", "\tid: x", "id: \x00", "a: *b", "--- \nid: a\n--- \nid: b\n", "[" * 5000,
     "{a: " * 5000, "id: a\n" * 2, "\ud800"],
)
def test_what_is_not_a_course_is_one_sentence(text: str) -> None:
    sentence(text)


def test_bombs_and_oversized_files_are_refused() -> None:
    letters = "abcdefghijklmnop"
    doubled = (f"{new}: &{new} [*{old}, *{old}]\n" for old, new in pairwise(letters))
    bomb = "a: &a [x, x]\n" + "".join(doubled)
    assert "anchors" in sentence(bomb)
    assert "KiB" in sentence("# " + "x" * MAX_BYTES)


def test_the_schema_accepts_what_parse_accepts() -> None:
    document = schema()
    jsonschema.Draft202012Validator.check_schema(document)
    validator = jsonschema.Draft202012Validator(document)
    for text in (GOOD, SIZED, (ROOT / "course.yml").read_text(encoding="utf-8")):
        plain = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  (BaseLoader makes strings only)
        plain = json.loads(json.dumps(plain), object_hook=lambda node: {key: _number(node[key]) for key in node})
        assert list(validator.iter_errors(plain)) == []
    assert not validator.is_valid({"id": "a", "title": "b", "assignmnts": {}})


def _number(value: object) -> object:
    try:
        return json.loads(value.replace("_", "")) if isinstance(value, str) else value
    except ValueError:
        return value


@pytest.mark.parametrize("name", ["ada", "a.b-c_d@e.org", "1234567", "x" * 64, "_a-"])
def test_student_ids_that_are_folder_names(name: str) -> None:
    assert is_student_id(name) and student_id(name) == name


@pytest.mark.parametrize("name", ["", ".", "..", ".x", "a/b", "a\\b", "a b", "a\n", "ä", "a\0", "x" * 65, "a+b", "a:b",
                                  "-a", "@a", "=a", "+a", "a.", "con", "NUL", "aux.txt", "COM1",
                                  "\uff11\uff10\uff11", "a\u200b"])
def test_student_ids_that_are_not(name: str) -> None:
    with pytest.raises(CourseError, match="student id"):
        student_id(name)
