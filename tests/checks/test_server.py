"""The check server with real pytest runs: what becomes of checks, and of a server that dies."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import messages
from autograder.checks import CheckServer, collect
from autograder.errors import CheckError
from autograder.model import Basis, CheckResult, SlotStatus, Status

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).parent / "samples"
Serve = Callable[..., CheckServer]
REACHED = ("one", "late", "unmatched", "blank", "last")


@pytest.fixture(scope="module")
def judged(tmp_path_factory, tiny, reference_file) -> dict[str, CheckResult]:
    folder = tmp_path_factory.mktemp("artifacts")
    from autograder.checks import JudgeRequest

    (folder / "figures.jsonl").touch()
    lines = [json.dumps({"task": task, "cell": 1, "names": {}, "fits": [], "evaluations": []}) for task in REACHED]
    (folder / "checkpoints.jsonl").write_text("\n".join(lines))
    request = JudgeRequest(
        artifacts=folder, sampling_key="aa", reached=REACHED, ended="Your notebook ran out of time in Task 7.",
        slots={"unmatched": SlotStatus.UNMATCHED, "blank": SlotStatus.BLANK, "one": SlotStatus.ANSWERED},
        origins={"last": "one"},
    )
    with CheckServer(SAMPLES / "statuses", tiny.context(reference_file)) as server:
        return {result.id: result for result in server.judge(request)}


@pytest.mark.parametrize(("check", "status", "earned"), [
    ("passes", Status.PASSED, 1.0),
    ("fails", Status.FAILED, 0.0),
    ("first-in-the-file", Status.BLOCKED, 0.0),
    ("grandchild", Status.BLOCKED, 0.0),
    ("cannot-judge", Status.UNJUDGED, None),
    ("waits", Status.UNJUDGED, None),
    ("certain", Status.BLOCKED, 0.0),
    ("plain-assert", Status.FAILED, 0.0),
    ("breaks", Status.ERRORED, None),
    ("leaves", Status.ERRORED, None),
    ("skips", Status.ERRORED, None),
    ("interrupts", Status.ERRORED, None),
    ("ends-the-session", Status.ERRORED, None),
    ("broken-fixture", Status.ERRORED, None),
    ("broken-end", Status.ERRORED, None),
    ("of-an-unmatched-task", Status.UNMATCHED, None),
    ("of-a-task-never-reached", Status.NOT_REACHED, 0.0),
    ("of-a-blank-task", Status.FAILED, 0.0),
    ("claims-in-secret", Status.PASSED, 1.0),
    ("after-all-that", Status.PASSED, 1.0),
    ("labels-of-nothing", Status.BLOCKED, 0.0),
    ("labels-in-the-first-task", Status.FAILED, 0.0),
])
def test_what_becomes_of_a_check(judged, check, status, earned):
    assert (judged[check].status, judged[check].earned) == (status, earned), judged[check].staff_note


def test_every_check_has_one_result(judged):
    assert len(judged) == len(collect(SAMPLES / "statuses"))


def test_a_failed_check_has_its_three_parts(judged):
    result = judged["fails"]
    assert (result.seen, result.expected, result.hint) == ("Seen.", "Expected.", "Hint.")
    assert result.title == "Fails with a message of three parts."


def test_a_blocked_check_names_the_root(judged):
    assert judged["grandchild"].blocked_by == judged["first-in-the-file"].blocked_by == judged["fails"].title


def test_what_an_earlier_step_made_impossible_names_that_step(judged):
    assert judged["labels-of-nothing"].blocked_by == "Fails with a message of three parts."


def test_what_is_for_staff_stays_with_staff(judged):
    for check, secret in (("plain-assert", "41"), ("breaks", "the secret of the check"), ("cannot-judge", "for staff")):
        result = judged[check]
        assert secret in (result.staff_note or "")
        assert secret not in f"{result.seen} {result.expected} {result.hint}"
    assert "_pytest" not in (judged["breaks"].staff_note or "")


def test_a_task_that_was_not_reached_says_why(judged):
    assert judged["of-a-task-never-reached"].seen == "Your notebook ran out of time in Task 7."


def test_a_claim_in_a_measured_check_is_found_out(judged):
    result = judged["claims-in-secret"]
    assert result.basis is Basis.CLAIMED
    assert "at_least" in (result.staff_note or "")


def test_collected_checks_come_after_what_they_need():
    ids = [spec.id for spec in collect(SAMPLES / "statuses")]
    assert ids[:3] == ["fails", "first-in-the-file", "passes"]
    assert collect(SAMPLES / "statuses")[2].title == "Passes."


@pytest.mark.parametrize(("sample", "words"), [
    ("broken_import", "a_module_that_does_not_exist"),
    ("no_docstring", "test_silent needs a docstring"),
    ("no_marker", "test_free has no task marker"),
    ("unknown_need", "'ghost', which does not exist"),
    ("circle", "in a cycle: hen → egg → hen"),
    ("parametrised", "test_many is parametrised"),
    ("empty", "no hidden check was found"),
    ("there_is_no_such_folder", "A folder with hidden checks was expected"),
])
def test_checks_that_cannot_be_used_are_named(sample, words):
    with pytest.raises(CheckError, match=words):
        collect(SAMPLES / sample)


def test_collecting_leaves_nothing_behind():
    collect(SAMPLES / "statuses")
    assert not list((SAMPLES / "statuses").rglob("__pycache__"))


def test_a_module_next_to_the_checks_can_be_imported_and_replaces_none(tmp_path):
    (tmp_path / "made_texts.py").write_text("TEXTS = ['one', 'two']\n")
    (tmp_path / "json.py").write_text("raise ImportError('this is not the json of Python')\n")
    (tmp_path / "test_texts.py").write_text(
        "import json\nimport pytest\nfrom made_texts import TEXTS\n\n\n"
        "@pytest.mark.task('a', points=len(TEXTS), basis='measured')\ndef test_it(student):\n"
        "    \"\"\"It works.\"\"\"\n")
    [spec] = collect(tmp_path)
    assert spec.points == 2 and not list(tmp_path.rglob("__pycache__"))


def test_missing_data_is_said_at_the_start(tiny, tmp_path):
    context = tiny.context().model_copy(update={"train_images": tmp_path / "none.npy"})
    with pytest.raises(CheckError, match="An array was expected"), CheckServer(SAMPLES / "statuses", context):
        pass


def test_submissions_do_not_see_each_other_nor_the_callers_environment(serve: Serve, craft, monkeypatch):
    monkeypatch.setenv("A_SECRET_OF_THE_CALLER", "1")
    server = serve("hostile")
    craft.checkpoint("one", {})
    for _ in range(2):
        assert [result.status for result in server.judge(craft.request())] == [Status.PASSED] * 3


def test_a_fork_that_dies_is_tried_again_and_then_withheld(serve: Serve, craft):
    server = serve("hostile")
    craft.checkpoint("one", {})
    first = server.process_id
    results = server.judge(craft.request(figures={"one": 1}))
    assert {result.status for result in results} == {Status.ERRORED}
    assert all(result.earned is None and "status" in (result.staff_note or "") for result in results)
    assert server.process_id == first
    assert server.judge(craft.request())[0].status is Status.PASSED


def test_checks_that_take_too_long_are_withheld_and_ended(serve: Serve, craft):
    server = serve("hostile", seconds=0.5)
    craft.checkpoint("one", {})
    results = server.judge(craft.request(figures={"one": 2}))
    assert {result.status for result in results} == {Status.ERRORED}
    assert "ran out of time" in (results[0].staff_note or "")


def test_a_check_that_wants_too_much_memory_breaks_alone(serve: Serve, craft):
    server = serve("hostile")
    craft.checkpoint("one", {})
    results = server.judge(craft.request(figures={"one": 4}))
    assert [result.status for result in results] == [Status.ERRORED, Status.PASSED, Status.PASSED]
    assert "MemoryError" in (results[0].staff_note or "")


def test_a_server_that_died_between_submissions_is_started_again(serve: Serve, craft):
    server = serve("hostile")
    craft.checkpoint("one", {})
    first = server.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert [result.status for result in server.judge(craft.request())] == [Status.PASSED] * 3
    assert server.process_id != first


def test_a_server_that_dies_in_a_submission_twice_withholds_it_and_continues(serve: Serve, craft):
    server = serve("hostile")
    craft.checkpoint("one", {})
    results = server.judge(craft.request(figures={"one": 3}))
    assert {result.status for result in results} == {Status.ERRORED}
    assert "lost" in (results[0].staff_note or "")
    assert [result.status for result in server.judge(craft.request())] == [Status.PASSED] * 3


def test_an_interrupted_wait_does_not_mix_up_answers(serve: Serve, craft, monkeypatch):
    server = serve("hostile")
    craft.checkpoint("one", {})

    def interrupted(_connection):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(messages, "receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            server.judge(craft.request(figures={"one": 4}))
    assert [result.status for result in server.judge(craft.request())] == [Status.PASSED] * 3


def test_several_threads_may_ask(serve: Serve, craft):
    server = serve("hostile")
    craft.checkpoint("one", {})
    found: list[list[Status]] = []
    threads = [threading.Thread(target=lambda: found.append([r.status for r in server.judge(craft.request())]))
               for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[Status.PASSED] * 3] * 4


def test_closing_ends_the_process(serve: Serve):
    server = serve("hostile")
    process = server.process_id
    assert process is not None
    server.close()
    server.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_nothing_outlives_a_server_that_was_killed(serve: Serve, craft):
    server = serve("hostile")
    craft.checkpoint("one", {})
    server.judge(craft.request(figures={"one": 3}))  # its fork kills the server and sleeps on
    deadline = time.monotonic() + 20
    while (left := _workers_of(SAMPLES / "hostile")) - {server.process_id} and time.monotonic() < deadline:
        time.sleep(0.02)
    assert left <= {server.process_id}


def _workers_of(folder: Path) -> set[int | None]:
    found: set[int | None] = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes()
                if b"autograder.checks.worker" in words and (entry / "cwd").resolve() == folder:
                    found.add(int(entry.name))
    return found
