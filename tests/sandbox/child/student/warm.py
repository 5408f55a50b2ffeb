"""A warm process without a sandbox: preloads once, then runs each job that it reads from stdin in a fork.

Reads one JSON object per line, ``{"job": …, "scratch": …, "interrupt": seconds or null}``, answers one per run:
the child's wait status and the datagrams of its progress socket.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any


def received(server: socket.socket) -> bytes:
    """Return the next message, nothing when the child is gone, also with a turn unread."""
    try:
        return server.recv(4096)
    except OSError:
        return b""


def events_of(server: socket.socket, child: int, job: dict[str, Any], interrupts: list[float]) -> list[object]:
    """Open the turns and collect what the child says until it is gone; each cell that begins is an event too.

    Sends SIGINT at the given seconds after its start.
    """
    from autograder.sandbox.turns import Do, Turns, turns_of

    threads = [threading.Timer(seconds, os.kill, (child, signal.SIGINT)) for seconds in interrupts]
    for thread in threads:
        thread.start()
    events: list[object] = []
    turns = Turns(turns_of(job["cells"], job["calls"]))
    while data := received(server):
        event = json.loads(data)
        turns.hear(event, time.monotonic(), time.monotonic())
        if "done" in event:
            events.append(event)
        if turns.due is not None:
            with contextlib.suppress(OSError):
                server.send(turns.open(time.monotonic()))
            turn = turns.spent[-1].turn
            events += [{"cell": turn.cell}] if turn.do is Do.CELL else []
    assert turns.breach is None and turns.junk == 0, (turns.breach, turns.junk)
    for thread in threads:
        thread.cancel()
    return events


def serve() -> None:
    from autograder.sandbox.child.student.entry import preload, run

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    preload()
    answers.write('"ready"\n')
    answers.flush()
    for line in sys.stdin:
        request = json.loads(line)
        server, client = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        started = time.monotonic()
        child = os.fork()
        if not child:
            try:
                server.close()
                run(request["job"], request["scratch"], client.fileno())
            except BaseException:
                with (Path(request["scratch"]) / "failure.txt").open("w") as file:
                    traceback.print_exc(file=file)
                os._exit(99)
            os._exit(0)
        client.close()
        events = events_of(server, child, request["job"], request["interrupts"])
        server.close()
        _, status = os.waitpid(child, 0)
        answers.write(json.dumps({"status": status, "events": events, "seconds": time.monotonic() - started}) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve()
