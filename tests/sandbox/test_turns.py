"""Turns: their order, their clocks, and everything that a process can say to have more time than it has."""

from __future__ import annotations

import json
import random
import textwrap
from collections.abc import Mapping
from typing import Any

import pytest

from autograder.model import Call, Ending, Execution, JobCell, Limits, NotebookJob
from autograder.sandbox.turns import Do, Turn, Turns, opening, turns_of
from autograder.sandbox.witness import WITNESS

pytestmark = pytest.mark.slow

LIMIT = 10.0
CELLS = [{"index": 0, "task": None}, {"index": 1, "task": "a"}, {"index": 4, "task": None}, {"index": 6, "task": "b"}]


def started() -> Turns:
    turns = Turns(turns_of(CELLS, ["b"]))
    turns.hear({"confined": True}, 0, 0)
    turns.hear({"ready": True}, 0, 0)
    return turns


def test_turns_follow_the_cells() -> None:
    assert turns_of(CELLS, ["b"]) == (
        Turn(Do.CELL, 0), Turn(Do.CHECKPOINT, 1, "a"), Turn(Do.CELL, 1, "a"), Turn(Do.CELL, 4),
        Turn(Do.CHECKPOINT, 6, "b"), Turn(Do.CALLS, 6, "b"), Turn(Do.CELL, 6, "b"))


def test_an_honest_run_is_complete_and_without_a_breach() -> None:
    turns, now = started(), 0.0
    while turns.due is not None:
        assert turns.open(now) == opening(len(turns.spent) - 1, turns.spent[-1].turn.do, turns.spent[-1].turn.cell)
        now += 3
        assert turns.hear({"ended": len(turns.spent) - 1}, now, now) is turns.spent[-1]
    turns.hear({"done": True}, now, now)
    assert turns.complete and turns.done and turns.breach is None and turns.junk == 0
    assert [spent.seconds for spent in turns.spent] == [3.0] * 7


@pytest.mark.parametrize("words", [
    [{"ended": 1}], [{"ended": -1}], [{"ended": 0}, {"ended": 0}, {"ended": 0}], [{"done": True}],
    [{"confined": True}], [{"ready": True}],
])
def test_a_word_out_of_turn_is_a_breach_and_opens_nothing(words: list[Mapping[str, Any]]) -> None:
    turns = started()
    turns.open(0)
    for word in words:
        turns.hear(word, 1, 1)
    assert turns.breach is not None
    assert turns.due is None


def test_no_words_give_more_time_than_the_turns_have() -> None:
    """Whatever is said in whatever order: no turn opens twice, none is open longer than its limit."""
    for seed in range(300):
        draw = random.Random(seed)
        turns, now, total = started(), 0.0, 0.0
        for _ in range(200):
            if turns.due is not None:
                turns.open(now)
            step = draw.random() * 4
            current = turns.current
            if current is not None:
                step = min(step, current.since + LIMIT - now)  # the supervisor ends it then
                total += step
            now += step
            if current is not None and now - current.since >= LIMIT:
                break
            turns.hear(draw.choice([
                {"ended": draw.randrange(-1, 8)}, {"ended": len(turns.spent) - 1}, {"ended": len(turns.spent)},
                {"ready": True}, {"cell": draw.randrange(8)}, {"fit": draw.randrange(-1, 3), "begin": True}, {},
            ] if draw.random() < 0.3 else [{"ended": len(turns.spent) - 1}]), now, now)
            if turns.breach is not None:
                break
        opened = [spent.turn for spent in turns.spent]
        assert opened == list(turns_of(CELLS, ["b"]))[: len(opened)]
        assert total <= LIMIT * len(opened)


def test_the_first_word_about_a_fit_counts() -> None:
    turns = started()
    turns.open(0)
    for now, word in enumerate((
            {"fit": 1, "end": True, "digest": "early"}, {"fit": 1, "begin": True}, {"fit": 1, "begin": True},
            {"fit": 1, "end": True, "digest": "first"}, {"fit": 1, "end": True, "digest": "second"},
            {"fit": 10_000, "begin": True}), start=1):
        turns.hear(word, now, now - 0.5)
    assert list(turns.fits) == [1]
    assert (turns.fits[1].cell, turns.fits[1].digest, turns.fits[1].seconds) == (0, "first", 2.5)
    assert turns.junk == 4


def run(jail: Any, *cells: str | tuple[str, str], calls: Mapping[str, tuple[Call, ...]] | None = None,
        **limits: Any) -> Execution:
    """Run cells, of which pairs are test cells of a task, in a real child."""
    made = tuple(
        JobCell(index=i, source=textwrap.dedent(cell)) if isinstance(cell, str)
        else JobCell(index=i, task=cell[0], source=textwrap.dedent(cell[1])) for i, cell in enumerate(cells))
    job = NotebookJob(cells=made, seed=1, sampling_key="00", calls=dict(calls or {}),
                      limits=Limits(**{"cell_seconds": 20, **limits}))
    execution: Execution = jail.pool.run_notebook(job, jail.folder)
    jail.nothing_left()
    return execution


def flags(execution: Execution) -> str:
    return " ".join(execution.flags)


APPENDS = """
    import time
    end = time.monotonic() + 4
    while time.monotonic() < end:
        with open(OUT / 'cells.jsonl', 'a') as record:
            record.write({line})
        time.sleep(.1)
"""


@pytest.mark.parametrize("line", ["'\\n'", "' '", "'{\"cell\": 0, \"status\": \"ok\", \"seconds\": 0}\\n'"])
def test_what_is_appended_to_the_record_gives_no_time(jail: Any, line: str) -> None:
    execution = run(jail, APPENDS.format(line=line), "pass", cell_seconds=0.5)
    assert execution.cells[0].status == "interrupted"
    assert execution.cells[0].seconds < 4
    assert line == "' '" or "The record of cells" in flags(execution)  # white space changes no record


SAYS = """
    import json, os, time
    def say(**word):
        os.write(PROGRESS, json.dumps(word).encode())
    end = time.monotonic() + 6
    while time.monotonic() < end:
        {word}
        time.sleep(.2)
"""


@pytest.mark.parametrize("word", [
    "say(ended=0)", "say(ended=1)", "say(done=True)", "say(confined=True)", "say(ready=True)",
    "[say(ended=i) for i in range(9)]",
])
def test_words_of_the_runner_end_the_notebook_instead_of_giving_time(jail: Any, word: str) -> None:
    execution = run(jail, SAYS.format(word=word), "pass", "pass", cell_seconds=0.5)
    assert execution.ending is Ending.DIED
    assert "own channel" in (execution.detail or "")
    assert execution.cells[2].status in ("not_run", "unfinished")
    assert "The process said" in flags(execution)


@pytest.mark.parametrize("word", ["say(cell=0)", "say(cell=1)", "os.write(PROGRESS, b'{}')", "say(fit=1, begin=True)"])
def test_other_words_give_no_time(jail: Any, word: str) -> None:
    execution = run(jail, SAYS.format(word=word), "pass", cell_seconds=0.5)
    assert execution.cells[0].status == "interrupted"
    assert execution.cells[0].seconds < 6


def test_a_cell_that_speaks_for_the_next_ones_loses_them(jail: Any) -> None:
    """It plays the runner perfectly, up to its own end, which the true runner then says once more."""
    execution = run(jail, """
        import time
        for _ in range(3):
            time.sleep(.3)
            TURNS.end({"status": "ok"})
            TURNS.take("cell", TURNS._number + 1)
        TURNS._number = 0
    """, "pass", "pass", "pass", "pass", cell_seconds=0.5)
    assert execution.ending is Ending.DIED
    assert execution.cells[4].status == "not_run"
    assert execution.seconds < 5 * 0.5 + 5
    assert "student code spoke for the grader's runner" in flags(execution)


def test_half_characters_in_what_the_runner_says_can_be_stored(jail: Any) -> None:
    """As text they could be put into no file: neither this result nor, from a container, any other of the batch."""
    execution = run(jail, r"""
        import os
        TURNS.end({"status": "error", "error": "\ud800 boom", "execution_count": 10**30, "seconds": float("nan")})
        os._exit(0)
    """, "pass")
    assert execution.cells[0].error is not None and execution.cells[0].error.endswith(" boom")
    assert Execution.from_json(execution.to_json()) == execution


def test_a_turn_taken_from_the_runner_runs_out(jail: Any) -> None:
    execution = run(jail, """
        import os
        TURNS.end()
        os.read(PROGRESS, 4096)
    """, "pass", cell_seconds=0.5)
    assert execution.ending in (Ending.DIED, Ending.TIMED_OUT)
    assert execution.flags


def test_a_replaced_handler_is_met_by_the_kill(jail: Any) -> None:
    execution = run(jail, """
        import signal, time
        signal.signal(signal.SIGINT, lambda *_: None)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            pass
    """, cell_seconds=0.3)
    assert execution.ending is Ending.TIMED_OUT


def test_a_cell_that_ends_after_its_interrupt_counts_as_interrupted(jail: Any) -> None:
    execution = run(jail, """
        import time
        try:
            time.sleep(60)
        except KeyboardInterrupt:
            late = True
    """, "assert late", cell_seconds=0.3)
    assert [cell.status for cell in execution.cells] == ["interrupted", "ok"]
    assert "ran over its time and was interrupted, but its own record does not say so" in flags(execution)


def test_an_interrupt_of_its_own_is_an_error_of_the_cell(jail: Any) -> None:
    execution = run(jail, "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(5)", "pass")
    assert [cell.status for cell in execution.cells] == ["error", "ok"]
    assert "the grader did not interrupt it" in flags(execution)


def test_a_thread_that_works_on_gets_no_more_than_the_cells_after_it(jail: Any) -> None:
    execution = run(jail, """
        import threading, time
        def work():
            while True:
                time.sleep(.01)
        threading.Thread(target=work, daemon=True).start()
    """, "pass", cell_seconds=1)
    assert execution.ending is Ending.COMPLETED


def test_a_checkpoint_has_a_clock_of_its_own(jail: Any) -> None:
    slow = "import time\ndef SLOW():\n    while True:\n        {} time.sleep(60)"
    kind = run(jail, slow.format("return"), ("task", "pass"), cell_seconds=0.5)
    assert kind.ending is Ending.COMPLETED
    assert [cell.status for cell in kind.cells] == ["ok", "ok"]
    stubborn = run(jail, "import time\ndef SLOW():\n    while True:\n        try:\n            time.sleep(60)\n"
                         "        except KeyboardInterrupt:\n            pass", ("task", "pass"), cell_seconds=0.5)
    assert stubborn.ending is Ending.TIMED_OUT
    assert stubborn.detail == ("Recording what was made before cell 2 took longer than 0.5 s; the grader stopped the "
                               "notebook there.")
    assert [cell.status for cell in stubborn.cells] == ["ok", "not_run"]


def lines(jail: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (jail.folder / "checkpoints.jsonl").read_text().splitlines()]


FORGED = """
    import json
    with open(OUT / 'checkpoints.jsonl', 'a') as record:
        record.write(json.dumps({"task": "b", "cell": 3, "names": {"forged": 1}}) + "\\n")
"""


def test_a_line_that_was_not_written_at_a_checkpoint_does_not_count(jail: Any) -> None:
    execution = run(jail, FORGED, ("a", "pass"), FORGED, ("b", FORGED))
    assert [(line["task"], line["names"]) for line in lines(jail)] == [("a", {}), ("b", {})]
    assert "written to outside of a checkpoint" in flags(execution)
    told = json.loads((jail.folder / WITNESS).read_text())
    assert [entry["task"] for entry in told["checkpoints"]] == ["a", "b"]


@pytest.mark.parametrize("change", [
    "os.rename(OUT / 'checkpoints.jsonl', 'mine'); open(OUT / 'checkpoints.jsonl', 'w').write('{}\\n')",
    "os.unlink(OUT / 'checkpoints.jsonl')", "os.rename(OUT, 'mine'); os.mkdir(OUT)",
    "open(OUT / 'checkpoints.jsonl', 'w').close()",
])
def test_a_line_that_was_taken_over_cannot_be_taken_back(jail: Any, change: str) -> None:
    run(jail, "pass", ("a", f"import os; {change}"))
    assert [line["task"] for line in lines(jail)] == ["a"]


def test_a_second_line_at_a_checkpoint_makes_it_a_persons_case(jail: Any) -> None:
    execution = run(jail, "def SLOW():\n    open(OUT / 'checkpoints.jsonl', 'a').write('{\"task\": \"a\"}\\n')",
                    ("a", "pass"), ("b", "SLOW = lambda: None"))
    assert lines(jail) == []
    assert "Something else wrote into the checkpoint before cell 2" in flags(execution)


def test_a_file_of_a_model_counts_as_it_was_at_its_checkpoint(jail: Any) -> None:
    execution = run(jail, "MODEL = 1", ("a", """
        (OUT / 'model-1-1.json').write_text('"forged"')
        (OUT / 'weights-1-1.npz').write_text('planted')
        (OUT / 'calls-1.json').write_text('planted')
        (OUT / 'mine.txt').write_text('of no interest')
    """))
    assert (jail.folder / "model-1-1.json").read_text() == "{}"
    assert (jail.folder / "mine.txt").exists()
    assert not (jail.folder / "weights-1-1.npz").exists() and not (jail.folder / "calls-1.json").exists()
    assert "'weights-1-1.npz' (it was not written at a checkpoint)" in flags(execution)
    assert "Recorded files were changed after the grader had taken them" in flags(execution)


@pytest.mark.parametrize(("between", "flagged"), [
    ("(OUT / 'model-1-1.json').write_text('forged')", True), ("(OUT / 'model-1-1.json').unlink()", False),
    ("(OUT / 'model-1-1.json').read_text()", False), ("pass", False)])
def test_staff_see_a_flag_about_a_recorded_file_that_was_changed(jail: Any, between: str, flagged: bool) -> None:
    """Also where the runner writes it anew afterwards; its own writing is no change."""
    execution = run(jail, "MODEL = 1", ("a", "pass"), between, ("b", "pass"))
    assert ("were changed after" in flags(execution)) is flagged
    assert (jail.folder / "model-1-1.json").read_text() == "{}"


def test_a_planted_file_counts_only_if_the_runner_rewrites_it(jail: Any) -> None:
    run(jail, "MODEL = 1\nfor name in (1, 2):\n    (OUT / f'model-{name}-1.json').write_text('planted')", ("a", "pass"))
    assert (jail.folder / "model-1-1.json").read_text() == "{}"
    assert not (jail.folder / "model-2-1.json").exists()


def test_answers_of_calls_are_taken_in_their_turn(jail: Any) -> None:
    call = Call(function="f", args=(), kwargs={})
    execution = run(jail, "pass", ("a", "pass"), calls={"a": (call,)})
    assert execution.flags == ()
    assert (jail.folder / "calls-1.json").read_text() == "{}"


def test_the_witness_cannot_be_written_by_the_child(jail: Any) -> None:
    run(jail, "(OUT / 'witness.json').write_text('{\"checkpoints\": \"mine\"}')", ("a", "pass"))
    assert [entry["task"] for entry in json.loads((jail.folder / WITNESS).read_text())["checkpoints"]] == ["a"]
