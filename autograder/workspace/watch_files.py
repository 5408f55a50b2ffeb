"""Where `autograder watch` keeps its memory and its page about the queue."""

from __future__ import annotations

from pathlib import Path

from autograder.workspace.layout import Workspace


def memory_folder(workspace: Workspace) -> Path:
    """Return the folder in which a watch remembers what it has taken, for its next start."""
    return workspace.output / ".watch"


def queue_page(workspace: Workspace) -> Path:
    """Return the page with the queue, for staff."""
    return workspace.output / "status.html"


def queue_data(workspace: Workspace) -> Path:
    """Return the same as JSON."""
    return workspace.output / "status.json"
