"""From what was seen of a child to its `Execution`: how it ended, how each cell went, one sentence for the student."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from autograder.execution.child import CRASHED
from autograder.execution.watch import Cause, Outcome
from autograder.model import CellRun, CellStatus, Ending, Execution, Isolation, Limits

_RECORD: Final = "cells.jsonl"
_RECORD_BYTES: Final = 8 << 20
_TEXT: Final = 500  # characters of an exception's text
_SAID: Final = (CellStatus.OK, CellStatus.ERROR, CellStatus.INTERRUPTED)


def execution(seen: Outcome, *, isolation: Isolation, limits: Limits, cells: Sequence[int], folder: Path,
              flags: tuple[str, ...]) -> Execution:
    """Return what is known about one child; ``folder`` holds the files that it left."""
    ending = _ending(seen, cells)
    detail = _detail(ending, seen, limits)
    recorded = _recorded(folder / _RECORD, frozenset(cells))
    return Execution(
        ending=ending, isolation=isolation, cells=_cells(ending, seen, cells, recorded),
        seconds=round(seen.seconds, 3), peak_memory_mib=round(seen.peak / (1 << 20), 1), detail=detail,
        flags=(*flags, *_flags(ending, seen, detail), *_contradictions(ending, seen, recorded)))


def _ending(seen: Outcome, cells: Sequence[int]) -> Ending:
    if seen.status is None or seen.lost:
        return Ending.LOST
    complete = os.waitstatus_to_exitcode(seen.status) == 0 and seen.done and set(seen.cells) >= set(cells)
    if complete:
        return Ending.COMPLETED  # also when a limit was crossed in the very moment of its end
    if seen.cause in (Cause.CELL_TIME, Cause.NOTEBOOK_TIME):
        return Ending.TIMED_OUT
    if seen.cause is Cause.MEMORY:
        return Ending.OUT_OF_MEMORY
    return Ending.DIED


def _cells(
    ending: Ending, seen: Outcome, cells: Sequence[int], recorded: Mapping[int, CellRun]
) -> tuple[CellRun, ...]:
    # The child's record of a cell that it never announced is forged: what came after an early end was not reached.
    recorded = {index: run for index, run in recorded.items() if index in seen.cells}
    last = seen.cells[-1] if seen.cells and ending is not Ending.COMPLETED else None
    return tuple(
        recorded.get(index)
        or CellRun(index=index, status=CellStatus.UNFINISHED if index == last else CellStatus.NOT_RUN)
        for index in cells)


def _recorded(path: Path, cells: frozenset[int]) -> dict[int, CellRun]:
    """Read the child's own record, line by line; what is not as agreed is skipped, the first line of a cell counts."""
    try:
        with path.open("rb") as stream:
            lines = stream.read(_RECORD_BYTES).splitlines()
    except OSError:
        return {}
    found: dict[int, CellRun] = {}
    for line in lines:
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            continue
        run = _cell_run(data) if isinstance(data, dict) else None
        if run is not None and run.index in cells:
            found.setdefault(run.index, run)
    return found


def _cell_run(data: dict[str, Any]) -> CellRun | None:
    index, status, seconds = data.get("cell"), data.get("status"), data.get("seconds")
    count, error = data.get("execution_count"), data.get("error")
    if type(index) is not int or index < 0 or status not in _SAID:
        return None
    return CellRun(
        index=index, status=CellStatus(status), seconds=_seconds(seconds),
        execution_count=count if type(count) is int and 0 <= count < 1_000_000 else None,
        error=error[:_TEXT] if isinstance(error, str) else None)


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) and 0 <= value < 1e6 else 0.0


def _detail(ending: Ending, seen: Outcome, limits: Limits) -> str | None:
    # People count cells from 1.
    where = f"Cell {seen.cells[-1] + 1}" if seen.cells else "The notebook"
    if ending is Ending.COMPLETED:
        return None
    if ending is Ending.LOST:
        return "The grader lost the process that ran this notebook; this is not your fault, and it has to be run again."
    if seen.cause is Cause.CELL_TIME:
        return (f"{where} ran longer than {limits.cell_seconds:g} s and did not stop when it was interrupted; "
                "the grader stopped the notebook there.")
    if seen.cause is Cause.NOTEBOOK_TIME:
        return (f"The whole notebook ran longer than {limits.notebook_seconds:g} s; the grader stopped it in "
                f"{where[0].lower()}{where[1:]}.")
    if ending is Ending.OUT_OF_MEMORY:
        return f"{where} used more than {limits.memory_mib} MB of memory; the grader stopped the notebook there."
    if seen.cause is Cause.DISK:
        return (f"{where} wrote more than {limits.disk_mib} MB or {limits.files} files; "
                "the grader stopped the notebook there.")
    return f"{where} ended the notebook's process ({_how(seen.status)}), so nothing after it was run."


def _how(status: int | None) -> str:
    code = os.waitstatus_to_exitcode(status) if status is not None else 0
    if code >= 0:
        return f"exit status {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _flags(ending: Ending, seen: Outcome, detail: str | None) -> tuple[str, ...]:
    if ending is Ending.DIED and seen.status is not None and os.waitstatus_to_exitcode(seen.status) == CRASHED:
        return (f"The program that runs notebooks may have failed itself; its last line was: {last_line(seen.output)}",)
    if ending is Ending.DIED and seen.done:
        return ("The process said that it was done before its last cell.",)
    if ending is Ending.LOST and seen.output:
        return (f"The lost process's last line was: {last_line(seen.output)}",)
    if ending in (Ending.DIED, Ending.TIMED_OUT, Ending.OUT_OF_MEMORY):
        return (f"The run did not come to its end. {detail}",)
    return ()


def _contradictions(ending: Ending, seen: Outcome, recorded: Mapping[int, CellRun]) -> tuple[str, ...]:
    """Tell where the child's own record says more than was seen of it, which no accident brings about."""
    if ending is Ending.LOST or recorded.keys() <= set(seen.cells):
        return ()
    return ("The record tells of cells that the process never announced; they count as not run.",)


def last_line(output: bytes) -> str:
    """Return the last line of a child's raw output, printable and short."""
    lines = output.decode(errors="replace").strip().splitlines()
    return ascii(lines[-1][:_TEXT]) if lines else "nothing"
