"""Turns what was seen of a child into its `Execution`: how it and each cell ended, and a sentence for the student."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from autograder.model import CellRun, CellStatus, Ending, Execution, Isolation, Limits
from autograder.model.limits import STRETCH
from autograder.sandbox.child.process import CRASHED
from autograder.sandbox.observed import Cause, Outcome
from autograder.sandbox.turns import Do, Spent

_RECORD: Final = "cells.jsonl"
_RECORD_BYTES: Final = 8 << 20
_TEXT: Final = 500  # characters of an exception's text
_NAMED: Final = 5  # cells that a flag names
_LATENESS: Final = 5.0  # seconds by which a busy supervisor may notice a cell's end late
_SAID: Final = (CellStatus.OK, CellStatus.ERROR, CellStatus.INTERRUPTED)


def execution(seen: Outcome, *, isolation: Isolation, limits: Limits, cells: Sequence[int], folder: Path,
              flags: tuple[str, ...]) -> Execution:
    """Return what is known about one child; ``folder`` holds the files that it left."""
    ending = _ending(seen)
    detail = _detail(ending, seen, limits)
    contradictions = () if ending is Ending.LOST else (*_breaches(seen), *_contradictions(seen, _record(folder)))
    return Execution(
        ending=ending, isolation=isolation, cells=_runs(seen, cells), seconds=round(seen.seconds, 3),
        peak_memory_mib=round(seen.peak / (1 << 20), 1), detail=detail, waited=round(seen.waited, 3),
        kernel_limits=seen.kernel_limits,
        starved=bool(seen.starved) or (seen.by_clock and ending is Ending.TIMED_OUT),
        flags=(*flags, *_flags(ending, seen, detail), *_starved(seen, limits), *contradictions))


def _runs(seen: Outcome, cells: Sequence[int]) -> tuple[CellRun, ...]:
    runs = {spent.turn.cell: _run(spent) for spent in seen.spent if spent.turn.do is Do.CELL}
    found = (runs.get(index) or CellRun(index=index, status=CellStatus.NOT_RUN) for index in cells)
    return tuple(run.model_copy(update={"starved": True}) if run.index in seen.starved else run for run in found)


def _ending(seen: Outcome) -> Ending:
    if seen.status is None or seen.lost:
        return Ending.LOST
    if os.waitstatus_to_exitcode(seen.status) == 0 and seen.done and seen.complete and seen.breach is None:
        return Ending.COMPLETED  # even if it crossed a limit at the very moment it ended
    if seen.cause in (Cause.CELL_TIME, Cause.NOTEBOOK_TIME):
        return Ending.TIMED_OUT
    if seen.cause is Cause.MEMORY:
        return Ending.OUT_OF_MEMORY
    return Ending.DIED


def _run(spent: Spent) -> CellRun:
    """Return how a cell ended: time and interrupts as the supervisor saw them, the rest as the child reported it."""
    status, error = _status(spent.record), spent.record.get("error")
    seen = {"index": spent.turn.cell, "place": spent.turn.place or None, "waited": round(spent.waited, 3)}
    if spent.seconds is None or status is None:
        return CellRun.model_validate({**seen, "status": CellStatus.UNFINISHED})
    if spent.interrupts:
        status = CellStatus.INTERRUPTED
    elif status is CellStatus.INTERRUPTED:
        status = CellStatus.ERROR  # it sent the signal itself
    count = spent.record.get("execution_count")
    return CellRun.model_validate({
        **seen, "status": status, "seconds": round(spent.seconds, 4),
        "execution_count": count if type(count) is int and 0 <= count < 1_000_000 else None,
        "error": _whole(error[:_TEXT]) if isinstance(error, str) else None})


def _whole(text: str) -> str:
    """Return text without half characters: JSON can say one, and no file can hold it."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _status(record: Mapping[str, Any]) -> CellStatus | None:
    status = record.get("status")
    return CellStatus(status) if status in _SAID else None


def _record(folder: Path) -> list[Mapping[str, Any]]:
    """Read the child's own record of its cells, line by line; an unreadable line becomes an empty record."""
    try:
        with (folder / _RECORD).open("rb") as stream:
            lines = stream.read(_RECORD_BYTES).split(b"\n")
    except OSError:
        return []
    found: list[Mapping[str, Any]] = []
    for line in lines[:-1] if not lines[-1] else lines:
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            data = None
        found.append(data if isinstance(data, dict) else {})
    return found


def _breaches(seen: Outcome) -> tuple[str, ...]:
    """Describe messages that an honest runner never sends."""
    junk = (f"The process sent {seen.junk} message{'' if seen.junk == 1 else 's'} that the runner never sends.",)
    late = tuple(
        f"{_capital(spent.turn.name)} ran over its time and was interrupted, but "
        + ("caught that and ran to its end." if _status(spent.record) is CellStatus.INTERRUPTED else
           "its own record does not say so.")
        for spent in seen.spent if spent.turn.do is Do.CELL and spent.interrupts and spent.seconds is not None
        and (_status(spent.record) is not CellStatus.INTERRUPTED or not spent.record.get("error")))
    own = tuple(
        f"{_capital(spent.turn.name)} says that it was interrupted, but the grader did not interrupt it."
        for spent in seen.spent if spent.turn.do is Do.CELL and not spent.interrupts
        and _status(spent.record) is CellStatus.INTERRUPTED)
    return (*((seen.breach,) if seen.breach else ()), *(junk if seen.junk else ()), *late, *own)


def _contradictions(seen: Outcome, record: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Describe where the record of cells contradicts what the supervisor saw, which never happens by accident."""
    ended = {spent.turn.cell: spent for spent in seen.spent if spent.turn.do is Do.CELL and spent.seconds is not None}
    begun = set(seen.cells)
    lines: dict[int, list[Mapping[str, Any]]] = {}
    strange = False
    for line in record:
        index = line.get("cell")
        strange = strange or type(index) is not int
        if type(index) is int:
            lines.setdefault(index, []).append(line)
    found = []
    if strange:
        found.append("The record of cells contains lines that the runner did not write.")
    if not lines.keys() <= begun:
        found.append("The record contains cells that the process never reached; they count as not run.")
    wrong = sorted(index for index, found_lines in lines.items()
                   if index in ended and (len(found_lines) > 1 or _differs(found_lines[0], ended[index])))
    if wrong:
        named = ", ".join(dict.fromkeys(ended[index].turn.name for index in wrong[:_NAMED]))
        found.append(f"The record of cells contradicts what the grader saw of {named}; what the grader saw counts.")
    return tuple(found)


def _differs(line: Mapping[str, Any], spent: Spent) -> bool:
    """Whether a line differs from the message at the cell's end, or claims far less time than passed."""
    seconds = line.get("seconds")
    if line.get("status") != spent.record.get("status") or not isinstance(seconds, int | float) or not seconds >= 0:
        return True
    return spent.seconds is not None and seconds < spent.seconds / 2 - _LATENESS


def _detail(ending: Ending, seen: Outcome, limits: Limits) -> str | None:
    last = seen.spent[-1].turn if seen.spent else None
    begun = next((spent.turn for spent in reversed(seen.spent) if spent.turn.do is Do.CELL), None)
    where = _capital(begun.name) if begun else "The notebook"
    starved = bool(seen.spent) and seen.spent[-1].starved
    if ending is Ending.COMPLETED:
        return None
    if ending is Ending.LOST:
        return "The grader lost the process that ran this notebook; this is not your fault, and it must be run again."
    if seen.cause is Cause.FORGED:
        return f"{where} wrote into the grader's own channel; the grader stopped the notebook there."
    if seen.cause is Cause.CELL_TIME and last is not None and last.do is not Do.CELL:
        return (f"Recording what was made before {last.name} took {_longer(limits.cell_seconds, starved)}; "
                "the grader stopped the notebook there.")
    if seen.cause is Cause.CELL_TIME:
        return (f"{where} ran {_longer(limits.cell_seconds, starved)} and did not stop when it was interrupted; "
                "the grader stopped the notebook there.")
    if seen.cause is Cause.NOTEBOOK_TIME:
        return (f"The whole notebook ran {_longer(limits.notebook_seconds, seen.by_clock)}; the grader stopped it in "
                f"{begun.name if begun else 'its first step'}.")
    if ending is Ending.OUT_OF_MEMORY:
        return f"{where} used more than {limits.memory_mib} MB of memory; the grader stopped the notebook there."
    if seen.cause is Cause.DISK:
        return (f"{where} wrote more than {limits.disk_mib} MB or {limits.files} files; "
                "the grader stopped the notebook there.")
    return f"{where} ended the notebook's process ({_how(seen.status)}), so nothing after it ran."


def _longer(limit: float, by_clock: bool) -> str:
    """Say which limit was exceeded: its own, or the clock's on a busy machine."""
    return f"longer than {limit:g} s" if not by_clock else \
        f"longer than {STRETCH * limit:g} s on a busy machine, without having had its {limit:g} s"


def _starved(seen: Outcome, limits: Limits) -> tuple[str, ...]:
    """Describe what the clock ended before it had its full time."""
    cells = {spent.turn.name: limits.cell_seconds for spent in seen.spent if spent.starved}
    whole = {"the notebook": limits.notebook_seconds} if seen.by_clock else {}
    return tuple(f"{_capital(name)} was stopped after {STRETCH * limit:g} s on the clock without having had its "
                 f"{limit:g} s: the machine was busy with other work." for name, limit in (cells | whole).items())


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


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
        return (f"The program that runs notebooks may itself have failed; its last line was: {last_line(seen.output)}",)
    if ending is Ending.DIED and seen.done:
        return ("The process said that it was done before its last cell.",)
    if ending is Ending.LOST and seen.output:
        return (f"The lost process's last line was: {last_line(seen.output)}",)
    if ending in (Ending.DIED, Ending.TIMED_OUT, Ending.OUT_OF_MEMORY):
        return (f"The run did not finish. {detail}",)
    return ()


def last_line(output: bytes) -> str:
    """Return the last line of a child's raw output, printable and short."""
    lines = output.decode(errors="replace").strip().splitlines()
    return ascii(lines[-1][:_TEXT]) if lines else "nothing"
