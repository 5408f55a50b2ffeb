"""`autograder serve`: the pages in one thread, the watch in the main thread. Needs the extra ``serve``."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import uvicorn

from autograder.errors import HubError
from autograder.pipeline.collect import CollectOptions
from autograder.service.asgi import make_app
from autograder.service.hub import JupyterHub
from autograder.service.hub_environment import HubEnvironment
from autograder.service.portal import Portal
from autograder.service.received import remove_stored
from autograder.watch import Ending, Source, WatchOptions, watch
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.serve_files import service_inbox

CONNECTIONS: Final = 200
KEEP_ALIVE: Final = 30
LONGEST_HEADERS: Final = 32 << 10
CLOSING: Final = 10
"""Seconds that answers have to be finished when the service ends."""
TIDY_EVERY: Final = 60.0


def serve(workspace: Workspace, environment: HubEnvironment, options: WatchOptions, reporter: Reporter,
          ending: Ending) -> int:
    """Answer browsers and grade what they hand in, until the end is requested; returns the watch's exit code.

    Args:
        options: how the watch grades; its source is the folder of this service's uploads.

    Raises:
        HubError: the address is in use, or the pages cannot be served any more.
        AutograderError: as `watch` says.
        OSError: the disk is full or cannot be written.
    """
    inbox = service_inbox(workspace)
    inbox.mkdir(parents=True, exist_ok=True)
    options = replace(options, sources=(Source(folder=inbox),), collect=CollectOptions(kind="exchange"))
    portal = Portal(workspace, JupyterHub(environment), environment.prefix)
    with _listening(environment) as listener, _answering(portal, listener, ending) as failed:
        reporter.note(f"Serving {environment.prefix} on {environment.host}:{listener.getsockname()[1]}")
        code = watch(workspace, options, reporter, ending)
        if failed:
            raise HubError(f"The pages were expected to be served until the end, but that failed ({failed[0]!r}): "
                           "start the command again.")
        return code


@contextmanager
def _listening(environment: HubEnvironment) -> Iterator[socket.socket]:
    """Take the address before anything else is started.

    Raises:
        HubError: it is in use, or not of this machine.
    """
    family = socket.AF_INET6 if ":" in environment.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((environment.host.strip("[]"), environment.port))
        except (OSError, OverflowError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise HubError(f"The address {environment.host}:{environment.port} was expected to be free, but cannot be "
                           f"used ({why}): end what uses it, or give another --port, in the service's url "
                           "too.") from None
        yield listener


@contextmanager
def _answering(portal: Portal, listener: socket.socket, ending: Ending) -> Iterator[list[BaseException]]:
    """Answer requests in a thread of its own; yields a list that gets the error if this ends before its time."""
    server = uvicorn.Server(uvicorn.Config(
        make_app(portal), http="h11", ws="none", lifespan="off", log_level="warning", access_log=False,
        proxy_headers=False, server_header=False, limit_concurrency=CONNECTIONS, timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=CLOSING, h11_max_incomplete_event_size=LONGEST_HEADERS))
    failed: list[BaseException] = []
    over = threading.Event()

    def answer() -> None:
        try:
            server.run(sockets=[listener])
        except BaseException as error:
            failed.append(error)
        finally:
            ending.requested = True

    def tidy() -> None:
        while not over.wait(TIDY_EVERY):
            remove_stored(portal.workspace, datetime.now(UTC))

    threads = [threading.Thread(target=answer, name="pages", daemon=True),
               threading.Thread(target=tidy, name="tidy", daemon=True)]
    for thread in threads:
        thread.start()
    try:
        yield failed
    finally:
        over.set()
        server.should_exit = True
        for thread in threads:
            thread.join(CLOSING + 5)
