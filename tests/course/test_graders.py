"""What `graders` of course.yml bounds: concurrent submissions, their memory and their time."""

from __future__ import annotations

import pytest

from autograder.course import Course, Grader, parse
from autograder.errors import CourseError
from autograder.model import Limits

TEXT = """\
id: sample
title: Sample
graders:
  cpu: {CPU}
  gpu: {GPU}
defaults:
  limits: {notebook_time: 20 min, memory: 2 GiB}
assignments:
  sums: {title: Sums, grader: GRADER}
"""


def course(*, cpu: str = "{}", gpu: str = "{}", grader: str = "cpu") -> Course:
    return parse(TEXT.replace("{CPU}", cpu).replace("{GPU}", gpu).replace("GRADER", grader), folders=["sums"])


@pytest.mark.parametrize(("grader", "most"), [
    (Grader(), None),
    (Grader(cpus=3), 3),
    (Grader(memory_mib=6144), 3),
    (Grader(memory_mib=6143), 2),
    (Grader(cpus=2, memory_mib=8192), 2),
    (Grader(cpus=8, memory_mib=4096), 2),
    (Grader(memory_mib=1024), 1),
])
def test_cpus_and_memory_bound_how_many_run_at_once(grader: Grader, most: int | None) -> None:
    assert grader.most_at_once(Limits(memory_mib=2048)) == most


def test_what_the_warm_process_needs_is_no_submissions_memory() -> None:
    assert Grader(memory_mib=6144).most_at_once(Limits(memory_mib=2048), reserve_mib=1024) == 2


@pytest.mark.parametrize(("cpu", "gpu", "grader", "seconds"), [
    ("{}", "{}", "cpu", 1200),
    ("{time: 10 min}", "{time: 5 min}", "cpu", 600),
    ("{time: 10 min}", "{time: 5 min}", "gpu", 300),
    ("{time: 10 min}", "{time: 5 min}", "any", 300),
    ("{time: 10 min}", "{}", "any", 600),
    ("{time: 1 h}", "{}", "cpu", 1200),
])
def test_time_bounds_the_notebook(cpu: str, gpu: str, grader: str, seconds: float) -> None:
    found = course(cpu=cpu, gpu=gpu, grader=grader)
    sums = found.assignment("sums")
    assert found.within_graders(sums).limits.notebook_seconds == seconds
    assert (found.time_note(sums) is None) == (seconds == 1200)


def test_a_shorter_time_is_said_in_a_sentence() -> None:
    found = course(cpu="{time: 10 min}")
    assert found.time_note(found.assignment("sums")) == (
        "A notebook of sums may run 600 s, although its limits.notebook_time is 1200 s: graders.cpu.time allows "
        "no more.")


@pytest.mark.parametrize("grader", ["cpu", "any"])
def test_one_submission_has_to_fit_into_its_grader(grader: str) -> None:
    with pytest.raises(CourseError) as caught:
        course(cpu="{memory: 1 GiB}", grader=grader)
    assert "line 4" in str(caught.value) and "2048 MiB" in str(caught.value) and "1024 MiB" in str(caught.value)
    assert course(gpu="{memory: 1 GiB}", grader="cpu"), "the other grader never takes it"
