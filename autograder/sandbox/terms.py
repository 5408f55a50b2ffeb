"""What the supervisor has for one child: its ends of the channels, and what the child may do."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.model import Limits
from autograder.sandbox.turns import Turn


@dataclass(frozen=True)
class Ends:
    """The supervisor's ends of a child's sockets and pipe."""

    control: socket.socket
    progress: socket.socket
    output: int

    def close(self) -> None:
        """Close all; a child that is still running then ends."""
        self.control.close()
        self.progress.close()
        os.close(self.output)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What one child may do, and whom the supervisor notifies.

    Attributes:
        watchers: processes between the zygote's child and the student's.
        folder: the scratch folder, if it is not a file system of its own.
        cores: processors that the machine has for it.
        grace: seconds that an interrupted turn has before the notebook is ended.
        closing: set when the pool closes.
    """

    limits: Limits
    turns: tuple[Turn, ...]
    watchers: int
    folder: Path | None
    cores: int
    grace: float
    closing: threading.Event
    on_cell: Callable[[int], None] | None
