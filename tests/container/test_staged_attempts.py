"""With `counts: best`, attempts travel into the judge's container and the judge's choice comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.model import Receipt
from autograder.pipeline.collect.uploads import Shelf
from autograder.pipeline.containers import staged_attempts
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.reading import digest

COURSE = "id: c\ntitle: C\nassignments:\n  sums: {title: Sums, attempts: 5, counts: RULE}\n"
WORKS = {1: b"first work", 2: b"second work"}
REASON = "Attempt 2 counts as the best with 7 points, attempt 1 has 3."


def handed_in(root: Path, rule: str) -> Workspace:
    """Return a course in which one student has handed in twice and the first attempt counts."""
    (root / "assignments" / "sums").mkdir(parents=True)
    (root / "course.yml").write_text(COURSE.replace("RULE", rule))
    space = open_workspace(root, root / "out")
    shelf = Shelf(space, "ada", "sums")
    for number, data in WORKS.items():
        receipt = Receipt(student="ada", assignment="sums", accepted=True, source=f"{number}.ipynb", attempt=number,
                          sha256=digest(data), received_at=f"2030-01-0{number}T00:00:00+00:00", counts=number == 1)
        if number == 1:
            shelf.count(data, receipt)
        else:
            shelf.keep(data, receipt)
    return space


def sent(space: Workspace, folder: Path) -> Workspace:
    """Return the workspace inside the container, with what is copied for every student and what is for attempts."""
    inside = Workspace(root=space.root, course=space.course, output=folder)
    for path, target in ((space.submitted("ada", "sums"), inside.submitted("ada", "sums")),
                         (space.receipt("ada", "sums"), inside.receipt("ada", "sums"))):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    staged_attempts.send(space, inside, "ada", "sums")
    return inside


def test_the_judges_choice_counts_on_the_host(tmp_path: Path) -> None:
    space = handed_in(tmp_path / "course", "best")
    inside = sent(space, tmp_path / "inside")
    second = next(receipt for receipt in Shelf(inside, "ada", "sums").receipts() if receipt.attempt == 2)
    Shelf(inside, "ada", "sums").count(None, second.model_copy(update={"reason": REASON}))
    kept = inside.attempts("ada", "sums") / "1-abc" / "results" / "ada" / "sums" / "result.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("{}")
    (kept.parent / "leads-out").symlink_to("/etc/passwd")
    staged_attempts.take_back(space, inside, "ada", "sums")
    assert space.submitted("ada", "sums").read_bytes() == WORKS[2]
    now = {receipt.attempt: receipt for receipt in space.upload_receipts("ada", "sums")}
    assert now[2].counts and not now[1].counts and now[2].reason == REASON
    assert space.receipts("sums")[0] == now[2]
    assert {path.read_bytes() for path in space.uploads("ada", "sums").glob("*.ipynb")} == set(WORKS.values())
    copied = space.attempts("ada", "sums") / "1-abc" / "results" / "ada" / "sums"
    assert [path.name for path in copied.iterdir()] == ["result.json"], "no link is followed or kept"
    before = {path: path.read_bytes() for path in space.output.rglob("*") if path.is_file()}
    staged_attempts.take_back(space, inside, "ada", "sums")
    assert {path: path.read_bytes() for path in space.output.rglob("*") if path.is_file()} == before


def test_a_judge_cannot_make_up_an_upload(tmp_path: Path) -> None:
    space = handed_in(tmp_path / "course", "best")
    inside = sent(space, tmp_path / "inside")
    made_up = Receipt(student="ada", assignment="sums", accepted=True, source="x.ipynb", attempt=3,
                      sha256=digest(b"third"), received_at="2030-01-03T00:00:00+00:00")
    Shelf(inside, "ada", "sums").count(b"third", made_up)
    staged_attempts.take_back(space, inside, "ada", "sums")
    assert space.submitted("ada", "sums").read_bytes() == WORKS[1] and len(space.upload_receipts("ada", "sums")) == 2


@pytest.mark.parametrize("rule", ["latest", "latest_on_time"])
def test_other_rules_send_nothing_more(tmp_path: Path, rule: str) -> None:
    space = handed_in(tmp_path / "course", rule)
    inside = sent(space, tmp_path / "inside")
    assert not inside.uploads("ada", "sums").exists()
    staged_attempts.take_back(space, inside, "ada", "sums")
    assert space.submitted("ada", "sums").read_bytes() == WORKS[1]
