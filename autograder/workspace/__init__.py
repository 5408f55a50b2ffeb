"""Every file and folder name of a course; storage, locks and progress."""

from autograder.workspace.artifact_folder import FolderSource
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import LazyTask, Reporter, Silent, Task
from autograder.workspace.storage import exclusive, replace_folder, require_room, secret, write_atomically

__all__ = [
    "FolderSource",
    "LazyTask",
    "Reporter",
    "Silent",
    "Task",
    "Workspace",
    "exclusive",
    "open_workspace",
    "replace_folder",
    "require_room",
    "secret",
    "write_atomically",
]
