"""The warm process that forks one reader per step. It has imported our readers and runs no student code.

Started by `autograder.readers.server` as ``python -m autograder.readers.worker <control fd> <module>``. Each message on
the control socket carries the descriptor of one connection; a fork takes that connection, reads one request from it
(a frame of JSON, a frame of bytes), answers with one frame and ends. The worker ends when the control socket is closed.
"""

from __future__ import annotations

import errno
import gc
import importlib
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from autograder import messages
from autograder.errors import AutograderError
from autograder.frames import with_large_frame
from autograder.readers.budget import Budget
from autograder.warm_process import die_with

PAYLOAD: Final = 1 << 30
"""Most bytes of a request; the course and the step set their own limits for uploads."""
DONE, REFUSED, TOO_LARGE, BROKEN = "done", "refused", "too large", "broken"

Step = Callable[[dict[str, Any], bytes], Any]


def serve(control: socket.socket, steps: Mapping[str, Step]) -> None:
    """Fork for every connection until the other side closes the control socket."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps
    gc.collect()
    gc.freeze()  # otherwise each fork's first garbage collection copies every page of the imports
    worker = os.getpid()
    while True:
        _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not descriptors:
            return
        if os.fork() == 0:
            try:
                die_with(worker)
                control.close()
                with socket.socket(fileno=descriptors[0]) as connection:
                    _answer(connection, steps)
            finally:
                os._exit(0)  # no exit handlers and no flushing of buffers: they belong to the worker
        os.close(descriptors[0])


def _answer(connection: socket.socket, steps: Mapping[str, Step]) -> None:
    request = json.loads(messages.receive(connection))
    payload = messages.receive(connection, PAYLOAD)
    budget = Budget.model_validate(request["budget"])
    _limit(budget)
    answer = _do(steps[request["step"]], request["arguments"], payload)
    content = json.dumps(answer).encode()
    if len(content) > budget.answer_mib << 20:
        content = json.dumps({"outcome": TOO_LARGE}).encode()
    messages.send(connection, content)


def _do(step: Step, arguments: dict[str, Any], payload: bytes) -> dict[str, Any]:
    try:
        return {"outcome": DONE, "value": step(arguments, payload)}
    except AutograderError as error:  # the input is invalid: the reader's own sentence
        return {"outcome": REFUSED, "kind": type(error).__name__, "message": str(error)}
    except MemoryError:
        return {"outcome": TOO_LARGE}
    except OSError as error:
        # EFBIG: the file that it writes has reached its limit.
        return {"outcome": TOO_LARGE} if error.errno == errno.EFBIG else {"outcome": BROKEN, "message": str(error)}
    except Exception as error:  # a bug of ours affects one submission, never the batch
        return {"outcome": BROKEN, "message": f"{type(error).__name__}: {error}"[:500]}


def _limit(budget: Budget) -> None:
    """Set the limits that the kernel enforces. The default action of both timers ends the process at any point."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (budget.memory_mib << 20,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (budget.file_mib << 20,) * 2)
    signal.setitimer(signal.ITIMER_PROF, budget.seconds)
    signal.setitimer(signal.ITIMER_REAL, budget.wall)


@with_large_frame
def main() -> None:
    """Serve the connection whose descriptor is the first argument with the steps of the module named second."""
    steps: Mapping[str, Step] = importlib.import_module(sys.argv[2]).STEPS
    with socket.socket(fileno=int(sys.argv[1])) as control, suppress(ConnectionError):
        serve(control, steps)


if __name__ == "__main__":
    main()
