"""A real grading of a submission that leaves pickles, HDF5 and model files: no trusted process touches them."""

from __future__ import annotations

import hashlib
import json
import pickle
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import data
from autograder.model import Isolation, Result
from autograder.sandbox.isolation import features
from tests.artifacts.trusted.watch import READERS
from tests.attacks.attack import CORPUS, read_attack
from tests.attacks.classroom import ASSIGNMENT, FULL_WORK, ROOT, Classroom, make_classroom, stand_in_cache

HERE = Path(__file__).resolve().parent / "trusted"
ATTACKER, HONEST = "pickles_as_arrays", FULL_WORK[0]


@dataclass(frozen=True)
class Graded:
    """One watched grading."""

    room: Classroom
    reports: Path
    results: dict[str, Result]

    def lines(self, pattern: str) -> list[dict[str, Any]]:
        """Return the lines of all reports of this name."""
        texts = [path.read_text() for path in sorted(self.reports.glob(pattern))]
        return [json.loads(line) for text in texts for line in text.splitlines()]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    if features.best_isolation() is not Isolation.FULL:
        pytest.skip("what the predictor sees is only its own with namespaces")
    folder = tmp_path_factory.mktemp("trusted")
    folder.chmod(0o755)
    room = make_classroom(folder, stand_in_cache(tmp_path_factory.getbasetemp() / "stand-in"))
    settings = room.root / "course.yml"  # time enough on a busy machine: here models have to be asked
    text = settings.read_text()  # the spread in its reference is set by hand, hence the wide margin
    for found, put in ((r"cell_time: \d+ s", "cell_time: 120 s"), (r"notebook_time: \d+ s", "notebook_time: 400 s"),
                       (r"defaults:\n", "defaults:\n  refit: {share: 1, seeds: 1, margin: 0.3}\n")):
        text, count = re.subn(found, put, text)
        assert count == 1, found
    settings.write_text(text)
    attack = read_attack(CORPUS / "forgery" / f"{ATTACKER}.py")
    room.hand_in({HONEST: room.honest()[HONEST], **room.uploads([attack])})
    reports = folder / "reports"
    reports.mkdir()
    command = [sys.executable, str(HERE / "grade.py"), str(reports), "--course", str(room.root), "--output",
               str(room.output), "grade", ASSIGNMENT, "--stand-in", "--workers", "1", "--json"]
    done = subprocess.run(command, cwd=ROOT, env={**room.environment, "PYTHONPATH": str(ROOT)}, text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    results = [Result.model_validate(one["result"]) for one in json.loads(done.stdout)]
    return Graded(room, reports, {result.student: result for result in results})


@pytest.mark.slow
def test_no_trusted_process_loads_what_a_student_left(graded: Graded) -> None:
    for name in ("supervisor.jsonl", "checks.jsonl", "readers.jsonl", "predictor-*.jsonl", "refit-*.jsonl"):
        lines = graded.lines(name)
        assert [line for line in lines if line["kind"] == "watching"], f"{name} was not watched"
        harmless = {"watching", "modules", "sees"} | ({"read"} if name.startswith("readers") else set())
        assert not [line for line in lines if line["kind"] not in harmless], name


@pytest.mark.slow
def test_the_supervisor_reads_nothing_that_students_wrote(graded: Graded) -> None:
    """All that is read of them is read in the readers' process: trainings that are repeated and the gradebook too."""
    read = {line["what"] for line in graded.lines("readers.jsonl") if line["kind"] == "read"}
    expected = {".".join(one) for one in READERS}
    assert read == expected - {"autograder.feedback.page.render"}  # `autograder feedback` draws the pages
    assert not [line for line in graded.lines("supervisor.jsonl") if line["kind"] == "read"]
    assert (graded.room.output / "autograded" / HONEST / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").is_file()


@pytest.mark.slow
def test_the_files_were_there_and_did_nothing(graded: Graded) -> None:
    """They were written, the record of the run leaves them out, and staff are told."""
    kept = {path.suffix for path in (graded.room.workspace.results(ATTACKER, ASSIGNMENT) / "artifacts").iterdir()}
    assert not kept & {".keras", ".pkl", ".h5", ".py"}
    told = " ".join(graded.results[ATTACKER].staff_flags)
    assert all(f"'model{kind}' (not a kind of file" in told for kind in (".keras", ".pkl", ".h5")), told
    assert not (graded.room.root / "pwned").exists() and not (graded.room.temporary / "stolen").exists()
    checks = [check for task in graded.results[ATTACKER].tasks for check in task.checks]
    assert not [check.id for check in checks if check.task in ("fit", "evaluate") and check.earned]
    assert not [check.id for check in checks if check.status == "errored"]


@pytest.mark.slow
def test_the_predictor_holds_neither_labels_nor_code_of_students(graded: Graded) -> None:
    asked = [check for task in graded.results[HONEST].tasks for check in task.checks if check.id == "fit-accuracy"]
    assert [check.status for check in asked] == ["passed"], asked
    prepared = data.prepare(data.stand_in(graded.room.root / ".cache"), graded.room.root / ".cache")
    images = hashlib.sha256(prepared.evaluation_images.read_bytes()).hexdigest()
    seen = [line for line in graded.lines("predictor-*.jsonl") if line["kind"] == "sees"]
    assert seen
    for line in seen:
        assert not [name for name in line["job"] if "label" in name]
        kinds = [(Path(file["path"]).name.split("-")[0], file["sha256"]) for file in line["files"]]
        # A job that only proves what models are is shown no images.
        assert {kind for kind, _ in kinds} | {"images"} == {"images", "weights", "probe"}, line["files"]
        assert {digest for kind, digest in kinds if kind == "images"} <= {images}
    assert any("images" in file["path"] for line in seen for file in line["files"])
    for line in graded.lines("predictor-*.jsonl"):
        assert line["kind"] != "modules" or not line["names"], line
    labels = np.load(prepared.holdout_labels, allow_pickle=False)
    assert labels.astype(np.uint8).tobytes() not in prepared.evaluation_images.read_bytes()


@pytest.mark.slow
def test_the_child_that_trains_again_holds_public_data_alone(graded: Graded) -> None:
    """No labels of the holdout, no code, weights or words of a student, nothing of the checks."""
    entries = graded.results[HONEST].refits
    assert [entry.verdict for entry in entries] == ["agrees"], entries
    prepared = data.prepare(data.stand_in(graded.room.root / ".cache"), graded.room.root / ".cache")
    public = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (
        prepared.train_images, prepared.train_labels, prepared.test_images, prepared.test_labels,
        prepared.evaluation_images)}
    seen = [line for line in graded.lines("refit-*.jsonl") if line["kind"] == "sees"]
    assert seen
    for line in seen:
        assert line["files"] and {file["sha256"] for file in line["files"]} <= public, line["files"]
        assert "holdout_labels.npy" not in {Path(file["path"]).name for file in line["files"]}
    for line in graded.lines("refit-*.jsonl"):
        assert line["kind"] != "modules" or not [name for name in line["names"] if name != "watched_predictor"], line


@pytest.mark.slow
def test_the_watch_sees_what_it_is_for(tmp_path: Path) -> None:
    """Else the tests above would prove nothing."""
    (tmp_path / "left.pkl").write_bytes(pickle.dumps(Path("x")))
    text = ("import sys; sys.path.append(sys.argv[1]); import watch, pickle; from pathlib import Path; "
            "from autograder.artifacts.jsonguard import parse; report = watch.install(Path(sys.argv[2])); "
            "watch.watch_reading(report); parse(b'{}', limit=9); "
            "pickle.load(open(sys.argv[3], 'rb')); import joblib")
    report = tmp_path / "report.jsonl"
    subprocess.run([sys.executable, "-c", text, str(HERE), str(report), str(tmp_path / "left.pkl")], check=True)
    kinds = {json.loads(line)["kind"] for line in report.read_text().splitlines()}
    assert {"watching", "opened", "unpickled", "imported", "read"} <= kinds
