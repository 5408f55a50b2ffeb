"""The class report as a value: who needs a person, how checks went, mistakes with names, likeness."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from autograder.feedback.report import (
    ClassReport,
    Kind,
    KnownMistake,
    Need,
    Traits,
    make_report,
    render_report,
    shape_of,
)
from autograder.feedback.report.likeness import FEWEST_PASSAGES, compare, names_in, passages, tokens
from autograder.feedback.report.needs import CLAIMED, DISTURBED, REPLACED
from autograder.grades import CellMarks, Marks, grade_of
from autograder.model import CellRun, CellStatus, Ending, Execution, Isolation, Refit, Result, Status
from tests.feedback.class_of import MADE, SPREAD, TASKS, made, material, receipt

PACKAGE = Path(__file__).resolve().parents[2] / "autograder"


def kinds(report: ClassReport, student: str = "ada") -> set[Kind]:
    return {need.kind for need in report.needs if need.student == student}


def run(ending: Ending = Ending.COMPLETED, **changed: Any) -> Execution:
    return Execution(ending=ending, isolation=Isolation.FULL, **changed)


WITHHELD = (Status.ERRORED, Kind.ERRORED), (Status.UNJUDGED, Kind.WITHHELD), (Status.UNMATCHED, Kind.UNMATCHED)


@pytest.mark.parametrize("status, kind", WITHHELD)
def test_withheld_points_need_a_person(status: Status, kind: Kind) -> None:
    assert kinds(make_report(material(made("ada", statuses={"scaled": status})))) == {kind}


@pytest.mark.parametrize("changed, kind", [
    ({"execution": run(Ending.TIMED_OUT, detail="It ran out of time.")}, Kind.STOPPED),
    ({"execution": run(cells=(CellRun(index=1, status=CellStatus.INTERRUPTED, place="Task 3"),))}, Kind.STOPPED),
    ({"staff_flags": ("Recorded files were changed after the grader had taken them; its own copies count.",)},
     Kind.PATCHED),
    ({"staff_flags": ("the optimizer counted 3 steps, the recorded fits explain 94",)}, Kind.CLAIMS),
    ({"staff_flags": ("Its name holds more than one time, of which the latest was taken.",)}, Kind.NOTE),
    ({"refits": (Refit(task="build", model="model", reasons=("above",), handed_in=0.99, values=(0.8,),
                       verdict="above"),)}, Kind.CLAIMS),
    ({"status": "refused", "tasks": (), "message": "This is no notebook."}, Kind.REFUSED),
    ({"status": "failed", "tasks": (), "message": "The disk was full."}, Kind.FAILED),
    ({"status": "queued", "tasks": (), "message": "It waits for a GPU."}, Kind.QUEUED),
])
def test_each_reason_is_of_its_kind(changed: dict[str, Any], kind: Kind) -> None:
    report = make_report(material(made("ada", **changed)))
    assert kinds(report) == {kind}
    [need] = report.needs
    assert need.command is not None or kind in (Kind.PATCHED, Kind.NOTE)


def test_what_is_fine_needs_nobody() -> None:
    report = make_report(material(made("ada", execution=run()), made("bob", {"shape": "3"}), missing=("cid",)))
    assert report.needs == ()
    assert [person.state.value for person in report.people] == ["graded", "graded", "not handed in"]


@pytest.mark.parametrize("value, near", [(SPREAD.minimum, True), (0.769, True), (0.731, True), (0.78, False),
                                         (0.70, False)])
def test_an_accuracy_near_its_minimum_is_listed(value: float, near: bool) -> None:
    report = make_report(material(made("ada"), measured={"ada": {"build/model": value}}))
    assert (Kind.NEAR in kinds(report)) == near
    [band] = report.accuracies
    assert band.values == (("ada", value),) and band.minimum == 0.75


def test_what_is_known_elsewhere_is_in_the_list_at_its_place() -> None:
    request = Need(kind=Kind.REQUEST, student="ada", says="Please look at Task 2 again.")
    report = make_report(material(made("ada", statuses={"scaled": Status.ERRORED}), extra=[request]))
    assert [need.kind for need in report.needs] == [Kind.REQUEST, Kind.ERRORED]


def test_attempts_that_are_used_up_are_listed_where_points_are_missing() -> None:
    last = {name: receipt(name, attempt=3, attempts=3) for name in ("ada", "bob")}
    report = make_report(material(made("ada", {"shape": "x"}), made("bob"), receipts=last))
    assert kinds(report, "ada") == {Kind.ATTEMPTS} and not kinds(report, "bob")


def test_a_held_grade_and_an_unread_answer_are_listed_with_their_points() -> None:
    result = made("ada")
    marks = Marks(cells=(
        CellMarks(cell="test-reshape", points=2, automatic=0, manual=2, held=2, open=True),
        CellMarks(cell="why", points=4, open=True)))
    report = make_report(material(result, grades=[grade_of(result, marks)]))
    assert kinds(report) == {Kind.HELD, Kind.WRITTEN}
    [person] = report.people
    assert person.total == 10 and person.score is None, "numbers are the grade's"


def test_the_phrases_that_sort_flags_are_those_that_the_grader_writes() -> None:
    """A flag that was reworded elsewhere must not fall into the last group without anybody noticing."""
    places = ("sandbox/witness.py", "sandbox/ending.py", "checks/vocabulary/consistency.py", "artifacts/reader.py",
              "checks/vocabulary/training.py", "pipeline/refit/refit_result.py", "model/refit.py")
    written = re.sub(r'"\s*\n\s*f?"', "", "\n".join((PACKAGE / place).read_text() for place in places))
    for phrase in (*DISTURBED, *(part for found in (REPLACED, CLAIMED) for part in found.pattern.split("|"))):
        assert phrase in written, phrase


def test_the_share_passed_is_of_those_who_reached_the_check() -> None:
    results = [made(f"s{number}", {"shape": "x"} if number < 2 else {},
                    statuses={"scaled": Status.BLOCKED} if number < 2 else {}) for number in range(8)]
    report = make_report(material(*results))
    items = {item.check: item for item in report.items}
    assert [item.check for item in report.items] == ["shape", "scaled", "units", "accuracy"]
    assert (items["shape"].reached, items["shape"].passed, items["shape"].share) == (8, 6, 0.75)
    assert (items["scaled"].reached, items["scaled"].blocked, items["scaled"].share) == (6, 2, 1.0)
    assert items["shape"].points_lost == 4 and items["scaled"].points_lost == 6
    assert items["shape"].discrimination == pytest.approx(1.0) and items["shape"].warning is None


def test_a_check_that_strong_students_fail_is_warned_about() -> None:
    strong = [made(f"a{number}", {"units": "500"}) for number in range(4)]
    weak = [made(f"b{number}", {"scaled": "x", "accuracy": "y"}) for number in range(6)]
    items = {item.check: item for item in make_report(material(*strong, *weak)).items}
    assert items["units"].warning and "strongest" in items["units"].warning
    assert items["units"].discrimination is not None and items["units"].discrimination < 0
    assert items["scaled"].warning is None
    few = make_report(material(*strong[:2], *weak[:2])).items
    assert all(item.warning is None and item.discrimination is None for item in few)


OWN = KnownMistake(name="own-statistics", why="Own statistics.", loses=("scaled",),
                   messages={"scaled": ("`X_test` has its own mean (#).",)})
RAW = KnownMistake(name="raw", why="Not scaled.", loses=("scaled",), messages={"scaled": ("Pixels from # to #.",)})
BOTH = KnownMistake(name="both", why="Units and scale.", loses=("scaled", "units"))


def test_mistakes_have_the_name_of_the_variant_with_the_same_messages() -> None:
    results = [made("ada", {"scaled": "`X_test` has its own mean (31.1)."}),
               made("bob", {"scaled": "`X_test` has its own mean (30.9)."}),
               made("cid", {"scaled": "Pixels from 0 to 255."}), made("eve"),
               made("dan", {"scaled": "Something else."})]
    found = {one.key: one for one in make_report(material(*results, known=[OWN, RAW, BOTH])).mistakes}
    assert found["own-statistics"].students == ("ada", "bob") and found["raw"].students == ("cid",)
    assert found["own-statistics"].points_lost == 6 and found["own-statistics"].certain
    [other] = [one for one in found.values() if not one.named]
    assert other.students == ("dan",) and other.checks == ("scaled",)
    assert "--mistake own-statistics" in (found["own-statistics"].command or "")


def test_the_largest_explanation_is_taken_and_each_check_is_explained_once() -> None:
    result = made("ada", {"scaled": "Pixels from 0 to 255.", "units": "500 units.", "shape": "(3,)"})
    found = make_report(material(result, known=[OWN, RAW, BOTH])).mistakes
    assert {one.key: one.checks for one in found if one.named} == {"both": ("scaled", "units")}
    assert not next(one for one in found if one.named).certain, "by which checks failed, since no run is stored"
    assert [one.checks for one in found if not one.named] == [("shape",)]


def test_equal_variants_are_all_named_and_equal_evidence_is_one_row() -> None:
    twin = OWN.model_copy(update={"name": "twin", "why": "A twin."})
    report = make_report(material(
        made("ada", {"scaled": "`X_test` has its own mean (3)."}), made("bob", {"shape": "x", "units": "y"}),
        known=[OWN, twin]))
    named, other = sorted(report.mistakes, key=lambda one: not one.named)
    assert named.also == ("twin",) and named.title == "Own statistics. Or: A twin."
    assert other.checks == ("shape", "units") and other.students == ("bob",)


def test_blank_answers_are_one_row_and_no_variant() -> None:
    blank = made("ada", {"scaled": "Pixels from 0 to 1.", "shape": "Nothing."}, blank=("reshape", "scale"))
    [one] = make_report(material(blank, known=[OWN, RAW])).mistakes
    assert one.title == "Nothing was written: Task 1 · Reshape, Task 2 · Scale" and one.checks == ("shape", "scaled")


def test_a_shape_keeps_names_and_drops_numbers() -> None:
    assert shape_of("`X_1` has (60,000, 28) and mean -1.5e-3.") == shape_of("`X_2` has (10, 7) and mean 0.2.")
    assert shape_of(None) == "" and shape_of("`a`") != shape_of("`b`")


CODE = """
def scale(images, mean, deviation):
    values = images.astype("float32")
    values = values - mean
    return values / deviation

for epoch in range(12):
    rate = 0.1 / (1 + epoch)
    if rate < 0.02 and epoch > 3:
        print("slow now", rate)
        break
total = sum(number ** 2 for number in range(40) if number % 3 == 1)
"""


def alike(**changed: Any) -> Traits:
    return Traits(**changed)


def test_renamed_code_without_comments_has_the_same_passages() -> None:
    keep = names_in("import numpy as np\nfor number in range(3): print(number)")
    own = passages(tokens(CODE, keep))
    renamed = CODE.replace("values", "bilder").replace("rate", "r").replace("    if", "\n\n    # own idea\n    if")
    assert len(own) >= FEWEST_PASSAGES and passages(tokens(renamed, keep)) == own
    assert not own & passages(tokens("model.add(Dense(512, activation='relu'))\n" * 9, keep))


def test_only_what_few_share_is_evidence_and_the_courses_own_runs_are_none() -> None:
    traits = {f"s{number:02}": alike(weights={"common": "build/model"}, arrays={"same": "scale/X"})
              for number in range(20)}
    traits["s01"] = alike(weights={"common": "build/model", "odd": "build/model"}, histories={"h": "build, fit 1"})
    traits["s02"] = alike(weights={"odd": "build/net"}, histories={"h": "build, fit 1"})
    found = compare(traits)
    [pair] = found.pairs
    assert (pair.first, pair.second) == ("s01", "s02")
    assert (pair.weights, pair.histories) == (("build/model",), ("build, fit 1",))
    assert found.compared == 20 and found.most_shared == 3
    known = compare(traits, [alike(weights={"odd": "solution"}, histories={"h": "solution"})])
    assert known.pairs == () and known.with_reference


def test_code_counts_by_the_smaller_of_both_and_needs_enough() -> None:
    traits = {"ada": alike(passages=tuple(range(20))), "bob": alike(passages=tuple(range(10, 60))),
              "cid": alike(passages=tuple(range(100, 105))), "dan": alike(passages=tuple(range(100, 105)))}
    [pair] = compare(traits, mistakes={"ada": ("raw",), "bob": ("raw", "other")}).pairs
    assert (pair.first, pair.second, pair.code, pair.passages) == ("ada", "bob", 0.5, 10)
    assert pair.same_mistakes == ("raw",)


def test_a_report_survives_json() -> None:
    report = make_report(material(made("ada", {"shape": "x"}), missing=("bob",), traits={"ada": Traits()}))
    assert ClassReport.from_json(report.to_json()) == report
    assert report.median == 8 and report.likeness is not None
    assert make_report(material()).people == ()


# The same answers


def ran(student: str, fingerprint: str, *, shared: bool = False, **changed: Any) -> Result:
    provenance = MADE.model_copy(update={"execution_fingerprint": fingerprint, "content": "c", "shared": shared})
    return made(student, **changed, provenance=provenance)


def test_students_with_the_same_answers_are_listed_with_how_often_they_were_run() -> None:
    report = make_report(material(
        ran("ada", "one"), ran("ben", "two"), ran("cy", "one", shared=True), ran("dan", "one", shared=True),
        ran("eve", "blank", blank=TASKS), ran("fay", "blank", blank=TASKS), made("gil"), made("hal")))
    assert [(one.students, one.runs, one.blank) for one in report.same_answers] == [
        (("ada", "cy", "dan"), 1, False), (("eve", "fay"), 2, True)], "results of earlier versions are in no group"
    page = render_report(report)
    assert "3 students, run once" in page and "2 students, nothing answered in code, run 2 times" in page


def test_who_was_run_for_the_others_may_have_handed_in_other_work_since() -> None:
    report = make_report(material(ran("ada", "new"), ran("ben", "one", shared=True), ran("cy", "one", shared=True)))
    assert [(one.students, one.runs) for one in report.same_answers] == [(("ben", "cy"), 1)]


def test_a_pair_with_the_same_answers_is_listed_once() -> None:
    alike = Traits(weights={"w": "build/model"})
    results = [ran("ada", "one"), ran("ben", "one", shared=True), ran("cy", "two")]
    report = make_report(material(*results, traits=dict.fromkeys(("ada", "ben", "cy"), alike)))
    assert report.likeness is not None
    assert {(pair.first, pair.second) for pair in report.likeness.pairs} == {("ada", "cy"), ("ben", "cy")}
