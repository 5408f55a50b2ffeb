"""The check server's own process: collects the hidden checks once, then forks for every submission.

Started by `autograder.checks.server` as ``python -m autograder.checks.worker <control fd>`` with an empty environment.
It speaks in frames (`autograder.messages`): first it gets the hidden folder and the context, answers
``{"specs": […]}`` or ``{"error": …}``, and then answers each ``JudgeRequest`` with ``{"results": […]}`` or
``{"broken": …}``.
It ends when the other side closes the connection.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import time
import traceback
from typing import Any

import pytest

from autograder import messages
from autograder.checks.blocking import OUT_OF_TIME
from autograder.checks.case import Case
from autograder.checks.ground_truth import Course
from autograder.checks.plugin import ChecksPlugin, pytest_arguments
from autograder.checks.request import CheckContext, JudgeRequest
from autograder.errors import AutograderError
from autograder.frames import with_large_frame
from autograder.warm_process import die_with

ANSWER_BYTES = 8 << 20
"""Upper limit on the JSON that one fork may answer with."""
ADDRESS_SPACE = 16 << 30
"""Cap on the address space of one fork, so that hostile artifacts cannot exhaust the machine."""


class Worker:
    """The serving side of one connection."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._course: Course | None = None
        self._plugin = ChecksPlugin(self._serve)

    def run(self) -> None:
        """Serve until the other side closes the connection."""
        start = json.loads(messages.receive(self._control))
        try:
            if start["context"] is not None:
                self._course = Course.load(CheckContext.model_validate(start["context"]))
        except (AutograderError, OSError, ValueError) as error:
            self._answer({"error": f"the course's data or reference cannot be read: {error}"})
            return
        # Modules next to the checks can be imported; last, so that none takes the place of an installed one.
        sys.path.append(start["hidden"])
        sys.dont_write_bytecode = True
        code = pytest.main(pytest_arguments(start["hidden"]), plugins=[self._plugin])
        if code not in (0, 5) and not self._plugin.specs:
            self._answer({"error": " ".join(self._plugin.problems) or f"pytest ended with code {int(code)}"})

    def _serve(self, session: pytest.Session) -> None:
        if self._plugin.problems:
            self._answer({"error": " ".join(self._plugin.problems)})
            return
        self._answer({"specs": [spec.model_dump(mode="json") for spec in self._plugin.specs]})
        gc.collect()
        gc.freeze()  # otherwise each fork's first garbage collection copies every page of the imports
        while self._course is not None:
            try:
                message = json.loads(messages.receive(self._control))
            except EOFError:
                return
            self._answer(self._fork(session, self._course, message))

    def _answer(self, value: dict[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionError):
            messages.send(self._control, json.dumps(value).encode())

    def _fork(self, session: pytest.Session, course: Course, message: dict[str, Any]) -> dict[str, Any]:
        reader, writer = os.pipe()
        server = os.getpid()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.close(reader)
                self._serve_one(session, course, message, server, writer)
                code = 0
            finally:
                os._exit(code)  # no exit handlers and no flushing of buffers: they belong to the server
        os.close(writer)
        try:
            answer = self._read(reader, time.monotonic() + float(message["seconds"]))
        finally:
            os.close(reader)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
        if isinstance(answer, str):
            return {"broken": answer}
        try:
            parsed: dict[str, Any] = json.loads(answer)
        except ValueError:
            return {"broken": f"the judging process ended with status {status} before it had answered"}
        return parsed

    def _serve_one(
        self, session: pytest.Session, course: Course, message: dict[str, Any], server: int, writer: int
    ) -> None:
        """Judge one submission in a fork of the server, and write the answer for it."""
        os.setsid()
        die_with(server)
        self._control.close()
        _limit(float(message["seconds"]))
        _write(writer, self._judge(session, course, message["request"]))

    def _judge(self, session: pytest.Session, course: Course, request: dict[str, Any]) -> bytes:
        try:
            case = Case.open(course, JudgeRequest.model_validate(request))
            results = self._plugin.judge(session, case).results()
            return json.dumps({"results": [result.model_dump(mode="json") for result in results]}).encode()
        except BaseException as error:  # any error: the server must get an answer, and the fork must end here
            return json.dumps({"broken": "".join(traceback.format_exception(error))[-4000:]}).encode()

    def _read(self, reader: int, deadline: float) -> bytes | str:
        """Return all that the fork writes, or one clause why not; a closed connection also ends the fork."""
        poll = select.poll()
        poll.register(reader, select.POLLIN | select.POLLHUP)
        poll.register(self._control.fileno(), select.POLLHUP | select.POLLRDHUP)
        parts: list[bytes] = []
        size = 0
        while (left := deadline - time.monotonic()) > 0:
            ready = dict(poll.poll(left * 1000))
            if self._control.fileno() in ready:
                return "the supervisor closed the connection"
            if reader not in ready:
                continue
            part = os.read(reader, 1 << 16)
            if not part:
                return b"".join(parts)
            parts.append(part)
            size += len(part)
            if size > ANSWER_BYTES:
                return f"the checks answered with more than {ANSWER_BYTES >> 20} MiB"
        return OUT_OF_TIME


def _limit(seconds: float) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))


def _write(descriptor: int, content: bytes) -> None:
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)


@with_large_frame
def main() -> None:
    """Serve the connection whose descriptor is the only argument."""
    with socket.socket(fileno=int(sys.argv[1])) as control:
        Worker(control).run()


if __name__ == "__main__":
    main()
