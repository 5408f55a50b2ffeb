"""Watches one running child from outside: deadlines, memory, disk, output; decides when it has to end.

Nothing that the child says is trusted. The supervisor opens its turns, one after the other, and each has its own clock,
which the child cannot reset: see `turns`, and `fair_clock` for what counts as its time. `witness` copies what was
written in these turns.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import time
from typing import Any, Final

from autograder.sandbox.deadlines import Deadlines
from autograder.sandbox.fair_clock import Over
from autograder.sandbox.observed import Cause, Outcome
from autograder.sandbox.processes import descriptors, scratch
from autograder.sandbox.processes.memory import Meter
from autograder.sandbox.processes.processor import Ledger
from autograder.sandbox.terms import Ends, Terms
from autograder.sandbox.turns import Do, Spent, Turns
from autograder.sandbox.witness import Witness
from autograder.sandbox.zygote_client import Child, Zygote

_MEASURE: Final = 0.05  # seconds between two looks at the memory
_WALK: Final = 0.5  # seconds between two walks through a scratch folder that is not a file system of its own
_SETUP: Final = 60.0  # seconds within which the sandbox must be set up
_OBEY: Final = 5.0  # seconds for the watcher to end everything, then as many for the zygote
_MESSAGE: Final = 4096  # bytes of one message
_MESSAGES: Final = 256  # messages read before other work is done
_KEPT: Final = 1 << 16  # bytes of the child's raw output that are kept for staff; the rest is read and discarded


class Watch:
    """Supervises one child from its fork to its end; ``run`` does all of it."""

    def __init__(self, *, ends: Ends, zygote: Zygote, child: Child, terms: Terms, witness: Witness | None) -> None:
        self._ends, self._zygote, self._child, self._terms = ends, zygote, child, terms
        self._limits, self._folder, self._witness = terms.limits, terms.folder, witness
        self._turns = Turns(terms.turns)
        self._seen = Outcome(spent=self._turns.spent, fits=self._turns.fits)
        self._started = self._walk_at = self._quiet = time.monotonic()
        self._ready = False
        self._open = True
        self._measured = 0.0
        self._ledger = Ledger()
        self._times = Deadlines(terms.limits, cores=terms.cores, grace=terms.grace, now=self._started)
        self._unanswered = 0
        self._killed: float | None = None

    def run(self) -> Outcome:
        """Watch until all of the child's processes are gone; always returns, and never leaves one running."""
        poller = select.poll()
        for descriptor in (self._ends.control.fileno(), self._ends.progress.fileno(), self._ends.output):
            os.set_blocking(descriptor, False)
            poller.register(descriptor, select.POLLIN)
        try:
            while self._open:
                for descriptor, _ in poller.poll(_MEASURE * 1000):
                    if not self._serve(descriptor):
                        poller.unregister(descriptor)
                self.measure()
                self._check_deadlines(time.monotonic())
            self._drain()
        finally:
            self._seen.seconds = time.monotonic() - self._started
            self._close_times()
            self._seen.confined, self._seen.done = self._turns.confined, self._turns.done
            self._seen.complete, self._seen.breach, self._seen.junk = (
                self._turns.complete, self._turns.breach, self._turns.junk)
            if self._open:
                self._end_now()
        return self._seen

    def _serve(self, descriptor: int) -> bool:
        """Read from one descriptor; return False at its end."""
        if descriptor == self._ends.output:
            return self._read_output()
        if descriptor == self._ends.progress.fileno():
            return self._read_progress()
        return self._read_control()

    def _read_output(self) -> bool:
        try:
            block = os.read(self._ends.output, _KEPT)
        except BlockingIOError:
            return True
        self._seen.output += block[: _KEPT - len(self._seen.output)]
        return bool(block)

    def _read_progress(self) -> bool:
        for _ in range(_MESSAGES):
            try:
                message = self._ends.progress.recv(_MESSAGE)
            except BlockingIOError:
                self._quiet = time.monotonic()
                return True
            except OSError:
                return False
            if not message:
                return False
            self._note(message)
        return True

    def _note(self, message: bytes) -> None:
        try:
            event = json.loads(message)
        except (ValueError, RecursionError):
            event = None
        if not isinstance(event, dict):
            self._turns.junk += 1
            return
        ended = self._turns.hear(event, time.monotonic(), self._quiet)
        if ended is not None:
            ended.waited = self._times.turn_waited
            if self._witness is not None:
                self._witness.ends(ended.turn, self._turns.fits, self.measure)
        self._advance()

    def _advance(self) -> None:
        """Open the next turn, unless an interrupt for the last one is still pending: it would hit the wrong turn."""
        turn = self._turns.due
        if turn is None or self._killed is not None or self._unanswered or self._seen.scratch is None:
            return
        if self._witness is not None:
            if not self._turns.spent:
                self._witness.begin(self._seen.scratch)
            self._witness.opens(turn)
        now = time.monotonic()
        self._times.open_turn(now)
        message = self._turns.open(now)
        with contextlib.suppress(OSError):  # it closed its end: no reply will come, and its time runs out
            self._ends.progress.send(message)
        if turn.do is Do.CELL and self._terms.on_cell is not None:
            self._terms.on_cell(turn.cell)

    def _read_control(self) -> bool:
        try:
            message, descriptors, _, _ = socket.recv_fds(self._ends.control, 1 << 16, 1)
        except BlockingIOError:
            return True
        except OSError:
            message, descriptors = b"", []
        if not message:
            self._open = False
            return False
        answer: dict[str, Any] = json.loads(message)
        if "ready" in answer and descriptors:
            self._seen.scratch = descriptors[0]
            self._ready = True
            self._started = time.monotonic()
            self._times.begin(self._started)
            self._ledger.look(self._meter().processes()[1])
            self._advance()
        elif "interrupted" in answer:
            self._unanswered = max(0, self._unanswered - 1)
            self._advance()
        elif "exit" in answer:
            self._seen.status = int(answer["exit"])
        elif "refused" in answer:
            self._seen.refused = str(answer["refused"])
        return True

    def measure(self) -> None:
        """Check memory, disk and processor use if that is due; call it wherever other work takes long."""
        now = time.monotonic()
        if now - self._measured >= _MEASURE:
            self._measured = now
            self._check_resources(now)
            self._look_at_processors(now)

    def _meter(self) -> Meter:
        return Meter(self._child.pid, self._terms.watchers, self._child.inherited,
                     self._seen.scratch if self._folder is None else None)

    def _check_resources(self, now: float) -> None:
        if not self._ready or self._killed is not None:
            return
        meter = self._meter()
        limit = self._limits.memory_mib << 20
        used = meter.used(limit)
        self._seen.peak = max(self._seen.peak, used)
        if used > limit:
            self._kill(Cause.MEMORY)
        if self._folder is not None and now >= self._walk_at:
            size, count = scratch.usage(self._folder, self._limits.files)
            size += descriptors.removed_bytes(meter.processes()[1], self._folder.stat().st_dev)
            self._walk_at = time.monotonic() + _WALK
            if size > self._limits.disk_mib << 20 or count > self._limits.files:
                self._kill(Cause.DISK)

    def _look_at_processors(self, now: float) -> None:
        if self._ready and self._killed is None and self._times.clock.due(now):
            watchers, others = self._meter().processes()
            use = self._ledger.look(others, watchers)
            self._times.clock.book(now, use.ran, use.waited)

    def _check_deadlines(self, now: float) -> None:
        if self._killed is not None:
            self._insist(now)
        elif self._terms.closing.is_set():
            self._kill(Cause.CLOSING)
        elif not self._zygote.alive or (not self._ready and now - self._started > _SETUP):
            self._kill(Cause.BROKEN)
        elif self._turns.breach is not None:
            self._kill(Cause.FORGED)
        elif (over := self._times.notebook_over(now)) is not None:
            self._seen.by_clock = over is Over.CLOCK
            self._kill(Cause.NOTEBOOK_TIME)
        elif self._turns.left_since is not None:
            if self._times.leaving_over(now, self._turns.left_since) is not None:
                self._kill(Cause.CELL_TIME)
        elif self._turns.current is not None and (self._turns.current.interrupts or self._times.turn_over(now)):
            self._interrupt(self._turns.current, now)

    def _interrupt(self, spent: Spent, now: float) -> None:
        """Interrupt twice (an interrupt can get lost in a callback or a destructor), then end the notebook."""
        if not spent.interrupts:
            spent.starved = self._times.turn_over(now) is Over.CLOCK
        if self._times.grace_over(now):
            self._kill(Cause.CELL_TIME)
        elif self._times.is_interrupt_due(now):
            self._unanswered += 1
            spent.interrupts += 1
            self._say("interrupt")

    def _close_times(self) -> None:
        """Record for how long the machine was busy with other work."""
        self._seen.waited = self._times.clock.waited
        if self._turns.current is not None:
            self._turns.current.waited = self._times.turn_waited

    def _say(self, wish: str) -> None:
        with contextlib.suppress(OSError):
            self._ends.control.send(json.dumps({"do": wish}).encode())

    def _kill(self, cause: Cause) -> None:
        self._seen.cause = cause
        self._killed = time.monotonic()
        self._say("kill")

    def _insist(self, now: float) -> None:
        """Handle a watcher that does not obey: ask the zygote, then give up rather than hang."""
        assert self._killed is not None  # noqa: S101  (for the type checker)
        if now - self._killed > 3 * _OBEY:
            self._seen.cause = Cause.BROKEN
            self._seen.status = None
            self._open = False
        elif now - self._killed > _OBEY:
            self._zygote.kill(self._child.pid)

    def _drain(self) -> None:
        """Read what the child sent before its end."""
        for _ in range(16):
            if not self._read_progress():
                break
        self._read_output()

    def _end_now(self) -> None:
        """End the child while an exception (Ctrl-C) propagates, before its descriptors and files are removed."""
        self._kill(Cause.CLOSING)
        deadline = time.monotonic() + _OBEY
        self._ends.control.setblocking(True)
        self._ends.control.settimeout(_OBEY)
        with contextlib.suppress(OSError):
            while time.monotonic() < deadline and self._ends.control.recv(1 << 16):
                pass
        if self._seen.scratch is not None:
            os.close(self._seen.scratch)
            self._seen.scratch = None
