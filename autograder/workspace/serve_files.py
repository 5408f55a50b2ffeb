"""Where `autograder serve` keeps what students upload until it is collected."""

from __future__ import annotations

from pathlib import Path

from autograder.workspace.layout import Workspace


def service_inbox(workspace: Workspace) -> Path:
    """Return the folder of complete uploads, which the watch collects from."""
    return workspace.output / ".serve" / "inbox"


def service_partial(workspace: Workspace) -> Path:
    """Return the folder of uploads that are being written; on the same disk, so that each can be renamed."""
    return workspace.output / ".serve" / "partial"
