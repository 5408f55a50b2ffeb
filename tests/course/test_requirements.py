"""Packages of a course: what course.yml may say, and the file of their versions."""

from __future__ import annotations

import pytest

from autograder.course import Lock, package_name, parse, parse_lock
from autograder.errors import CourseError

COURSE = "id: course\ntitle: A course\nassignments: {}\nrequirements:\n"


def test_requirements_are_kept_in_their_order() -> None:
    text = COURSE + '  - keras-tuner >= 1.4\n  - "seaborn[stats]; python_version >= \'3.11\'"\n'
    assert [package_name(one) for one in parse(text, folders=()).requirements] == ["keras-tuner", "seaborn"]
    assert parse(text, folders=()).requirements[0] == "keras-tuner>=1.4"


@pytest.mark.parametrize("given, said", [
    ("  - keras tuner\n", "a package and its versions such as keras-tuner>=1.4, but is \"keras tuner\""),
    ("  - x @ https://example.org/x.whl\n", "what an address leads to can change, so it cannot be locked"),
    ("  - git+https://example.org/x\n", "a package and its versions"),
    ("  - ./own-package\n", "a package and its versions"),
    ("  - --index-url=https://example.org\n", "a package and its versions"),
    ("  - x>=1\n  - y\n  - X<2\n", "line 7: the package 'x' is required twice, as 'x>=1' and as 'X<2'"),
    ("  keras-tuner\n", "'requirements' must be"),
])
def test_what_cannot_be_required_is_one_sentence_with_the_line(given: str, said: str) -> None:
    with pytest.raises(CourseError) as refused:
        parse(COURSE + given, folders=())
    assert str(refused.value).startswith("course.yml, line ") and said in str(refused.value)


def test_a_lock_is_read_as_it_was_written_and_pip_can_read_it() -> None:
    lock = Lock(asked=("Keras_Tuner>=1.4",), pins={"kt-legacy": "1.0.5", "keras-tuner": "1.4.8"})
    assert parse_lock(lock.text(), "x") == lock
    lines = [line for line in lock.text().splitlines() if not line.startswith("#")]
    assert lines == ["keras-tuner==1.4.8", "kt-legacy==1.0.5"]
    assert lock.wanted == {"keras-tuner": "1.4.8"}, "what a package needs is no wish of the course"


@pytest.mark.parametrize("line", ["keras-tuner>=1", "-r other.txt", "x @ https://example.org", "x==1 --hash=sha256:0",
                                  "x==1; rm -rf /", "$(id)==1"])
def test_a_lock_with_anything_else_than_versions_is_refused(line: str) -> None:
    with pytest.raises(CourseError, match="line 2: expected name==version"):
        parse_lock(f"x==1\n{line}\n", "reference/requirements.lock")


def test_a_lock_of_hundreds_of_packages_is_refused() -> None:
    with pytest.raises(CourseError, match="names 151 packages"):
        parse_lock("".join(f"p{number}==1\n" for number in range(151)), "requirements.lock")
