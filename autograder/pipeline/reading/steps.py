"""The steps that read a student's bytes, each in a separate fork: see `autograder.readers`.

A step is called with JSON and bytes and returns JSON. It reads and writes only files that its arguments name. This
module is imported by a process that stays small: it loads neither pytest nor a backend.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder import artifacts, notebook
from autograder.artifacts import ModelValue, TextValue
from autograder.artifacts.prediction_files import Expected, ModelProof, read_predictions
from autograder.errors import ArtifactError
from autograder.feedback import HandIns, Learned, Rules, render, render_notebook, render_released
from autograder.feedback.misread import read_off
from autograder.feedback.page import environment
from autograder.gradebook.drawn import Drawing, draw
from autograder.gradebook.written_answers import written_answers
from autograder.grades import Grade
from autograder.grades.changes import Entry
from autograder.grades.requests import LONGEST
from autograder.model import Calibration, CellRun, CellStatus, Limits, Receipt, Result
from autograder.pipeline.reading import planning, stored_answers
from autograder.pipeline.reading.budgets import LEFT_OUT
from autograder.pipeline.reading.mail_text import mail_text
from autograder.pipeline.reading.question_facts import find_facts
from autograder.pipeline.reading.releases import Fitted, Releases, matches
from autograder.pipeline.reading.shown import curves
from autograder.pipeline.reading.trainings import recorded_trainings, trained, training, trainings
from autograder.pipeline.reading.traits import find_traits
from autograder.safe import safe_notebook
from autograder.workspace.artifact_folder import FolderSource
from autograder.workspace.file_names import ARTIFACTS, CURVES, EXECUTED, MISREAD

MESSAGES_LIMIT = 64 << 20
LARGEST_FILE = 64 << 20

Arguments = dict[str, Any]


def intake(arguments: Arguments, payload: bytes) -> dict[str, str | None]:
    """Return the assignment that a notebook says it answers.

    Raises:
        NotebookError: the bytes are not a usable notebook.
    """
    found = notebook.read(payload, arguments["name"], arguments["limit_mib"])
    return {"assignment": notebook.assignment_of(found)}


def merge(arguments: Arguments, payload: bytes) -> dict[str, Any]:
    """Return a notebook fitted into the release that it came from, as `Fitted`.

    Raises:
        NotebookError: the bytes are not a usable notebook.
        SubmissionError: the assignment was never released.
    """
    submission = notebook.read(payload, arguments["name"], arguments["limit_mib"])
    releases = Releases.model_validate(arguments["releases"])
    release, remark = releases.of(submission)
    submission = notebook.without_otter(submission, release)
    fits, claimed = matches(submission, release, releases.assignment), notebook.Claimed()
    if (family := notebook.family_of(release)) is not None:
        claimed = notebook.claimed_variant(submission, family)
        release = notebook.skeleton(release, family, claimed)
    return Fitted(merged=notebook.merge(release, submission), remark=remark, matches=fits,
                  claimed=claimed).model_dump(mode="json")


def assemble(arguments: Arguments, payload: bytes) -> None:
    """Write the executed notebook: the merged one, which is the payload, with the outputs of its run, made harmless."""
    try:
        raw = FolderSource(Path(arguments["artifacts"])).read("messages.jsonl", MESSAGES_LIMIT)
    except ArtifactError:
        raw = b""
    messages = notebook.parse_messages(raw, MESSAGES_LIMIT).messages
    merged = json.loads(payload)
    runs = [CellRun.model_validate(cell) for cell in arguments["cells"]]
    executed = notebook.assemble(merged, messages, runs)
    if arguments["drawn"]:
        _show_drawn(executed, runs, json.loads(Path(arguments["drawn"]["notebook"]).read_bytes()),
                    {int(index): place for index, place in arguments["drawn"]["cells"].items()})
    # Locked cells of the release are the instructor's own.
    safe = safe_notebook(executed, own=[cell for cell in merged["cells"] if notebook.is_locked(cell)])
    Path(arguments["into"]).write_text(json.dumps(safe, indent=1))


def _show_drawn(
    executed: dict[str, Any], runs: list[CellRun], drawn: dict[str, Any], places: dict[int, int],
) -> None:
    """Give cells that were left out, and reached, the outputs that they have in ``drawn``, a notebook of ours."""
    for run in runs:
        if run.index in places and run.status is CellStatus.OK:
            executed["cells"][run.index]["outputs"] = drawn["cells"][places[run.index]]["outputs"]


def examine(arguments: Arguments, payload: bytes) -> dict[str, Any]:
    """Read what one run left, write its curves, and plan the evaluation of its models. The payload: the locked cells.

    Returns:
        tasks that have a checkpoint, problems for staff, why the outputs were left out, the questions
        to the models, the plan, and what the run recorded of its trainings.
    """
    folder = Path(arguments["folder"])
    _keep_openable(folder / EXECUTED, json.loads(payload))
    left_out = _sentence(folder / LEFT_OUT)
    found = artifacts.read(FolderSource(folder / ARTIFACTS), sampling_key=arguments["sampling_key"])
    (folder / CURVES).write_text(json.dumps(curves(found)))
    asked = planning.Asked.model_validate(arguments["asked"])
    wanted = planning.questions(asked, found)
    plan = planning.plan(asked, wanted, found, folder / ARTIFACTS, sampling_key=arguments["sampling_key"],
                         limits=Limits.model_validate(arguments["limits"]))
    return {
        "tasks": list(found.checkpoints), "problems": list(found.problems), "left_out": left_out,
        "questions": wanted.model_dump(mode="json"), "plan": plan.model_dump(mode="json") if plan else None,
        "trainings": trainings(found, asked.keys, arguments["board"]).model_dump(mode="json"),
    }


def _keep_openable(path: Path, own: list[dict[str, Any]]) -> None:
    """Replace a stored executed notebook of an earlier version, which contained students' text unchanged."""
    stored = json.loads(path.read_bytes())
    safe = safe_notebook(stored, own=own)
    if safe != stored:
        path.write_text(json.dumps(safe, indent=1))


def _sentence(path: Path) -> str | None:
    try:
        return path.read_text()
    except FileNotFoundError:
        return None


def answers(arguments: Arguments, _: bytes) -> dict[str, planning.Kept]:
    """Check the predictor's files and store the answers as ``<number>.npz``; returns their location by question."""
    into, questions = Path(arguments["into"]), [Expected(**item) for item in arguments["questions"]]
    outputs = read_predictions(FolderSource(Path(arguments["raw"])), questions)
    outcome: dict[str, planning.Kept] = {}
    for number, question in enumerate(questions):
        answer = outputs[question.key]
        if isinstance(answer, str):
            outcome[question.key] = {"file": None, "unjudged": answer}
        elif isinstance(answer, ModelProof):
            outcome[question.key] = {"unjudged": answer.doubt, "penalties": "yes" if answer.penalties else None}
        else:
            np.savez(into / f"{number}.npz", y=answer.outputs)
            shown = answer.apart(arguments["visible"].get(question.key, 0))
            outcome[question.key] = {"file": f"{number}.npz", "unjudged": None, "shown": str(shown)}
    return outcome


def misread(arguments: Arguments, _: bytes) -> None:
    """Write which visible test images the models took for another digit, from their stored answers."""
    folder = Path(arguments["folder"])
    labels, images = (np.load(arguments[name], mmap_mode="r", allow_pickle=False) for name in ("labels", "images"))
    readings = {}
    for (task, model), outputs in stored_answers.shown(folder).items():
        count = len(outputs)
        found = read_off(outputs, labels=np.asarray(labels[:count]), images=images[:count]) if count else None
        if found is not None:
            readings[f"{task}/{model}"] = found.model_dump(mode="json")
    (folder / MISREAD).write_text(json.dumps(readings))


def board(arguments: Arguments, _: bytes) -> dict[str, Any] | None:
    """Return nickname and parameters of one work for the leaderboard, None where it has none."""
    found = artifacts.read(FolderSource(Path(arguments["artifacts"])), sampling_key=arguments["sampling_key"])
    named, built = found.checkpoints.get(arguments["named"]), found.checkpoints.get(arguments["built"])
    nickname = named.names.get(arguments["nickname"]) if named else None
    network = built.names.get(arguments["model"]) if built else None
    if not isinstance(nickname, TextValue) or not isinstance(network, ModelValue):
        return None
    return {"nickname": nickname.value, "parameters": found.model(network).total_parameters}


def gradebook(arguments: Arguments, _: bytes) -> dict[str, Any]:
    """Return what formgrader shows of one submission, and its answers."""
    return asdict(draw(Drawing.from_json(arguments)))


def written(arguments: Arguments, _: bytes) -> dict[str, Any]:
    """Return the written answers of one executed notebook, by task."""
    found = written_answers(_load(Path(arguments["executed"])), arguments["tasks"])
    return {task: asdict(answer) for task, answer in found.items()}


def page(arguments: Arguments, payload: bytes) -> dict[str, str]:
    """Return the feedback page of the result that is the payload, and its notebook where that is a separate file."""
    folder, calibration, title = Path(arguments["folder"]), arguments["calibration"], arguments["title"]
    result, executed, hand_ins = Result.from_json(payload), _load(folder / EXECUTED), _hand_ins(arguments)
    if not executed.get("cells"):
        hand_ins = replace(hand_ins, notebook="")
    drawn = render(
        result, executed=executed, assignment_title=title, hand_ins=hand_ins,
        learned=Learned(curves=_load(folder / CURVES), misread=_load(folder / MISREAD)),
        reference=Calibration.model_validate(calibration) if calibration else None,
        grade=Grade.model_validate(arguments["grade"]) if arguments["grade"] else None)
    if not hand_ins.notebook:
        return {"page": drawn, "notebook": ""}
    return {"page": drawn, "notebook": render_notebook(result, executed, assignment_title=title,
                                                       page=arguments["name"])}


def released(arguments: Arguments, _: bytes) -> str:
    """Return the page of a released notebook that was run without answers."""
    return render_released(_load(Path(arguments["folder"]) / EXECUTED), assignment_title=arguments["title"])


def _hand_ins(arguments: Arguments) -> HandIns:
    receipt = arguments["receipt"]
    return HandIns(
        graded=Receipt.model_validate(receipt) if receipt else None, rules=Rules(**arguments["rules"]),
        others=[Receipt.model_validate(one) for one in arguments["others"]],
        history=[Entry.model_validate(one) for one in arguments["history"]],
        notebook=arguments["notebook"], solution=arguments["solution"])


def traits(arguments: Arguments, _: bytes) -> dict[str, Any]:
    """Return what a stored run may have in common with another one, as `Traits`."""
    folder = Path(arguments["folder"])
    found = artifacts.read(FolderSource(folder / ARTIFACTS), sampling_key=arguments["sampling_key"])
    return find_traits(found, _load(folder / EXECUTED), arguments["release"]).model_dump(mode="json")


def facts(arguments: Arguments, _: bytes) -> dict[str, Any]:
    """Return what questions to the student of a stored run can be made from, as `Evidence`."""
    found = artifacts.read(FolderSource(Path(arguments["artifacts"])), sampling_key=arguments["sampling_key"])
    return find_facts(found, tasks=arguments["tasks"], doubted=arguments["doubted"],
                      keys=[(key[0], key[1], key[2]) for key in arguments["keys"]]).model_dump(mode="json")


def mail(_: Arguments, payload: bytes) -> dict[str, str | None]:
    """Return the words and the sender of a saved mail, which is the payload."""
    text, sender = mail_text(payload)
    return {"text": text[:LONGEST], "sender": sender}


def _load(path: Path) -> dict[str, Any]:
    """Return a JSON object, empty where there is none that can be read: a page without a notebook is still useful."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return {}
        loaded = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


STEPS: dict[str, Callable[[Arguments, bytes], Any]] = {step.__name__: step for step in (
    intake, merge, assemble, examine, answers, misread, recorded_trainings, training, trained, board, gradebook,
    written, page, released, traits, facts, mail)}
for _name in ("page.html.j2", "notebook.html.j2", "released.html.j2", "parts.html.j2"):
    environment().get_template(_name)  # compiled once, before the forks
