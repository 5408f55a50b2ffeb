"""Files that come from a machine near student code: names, number and bytes are checked before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from autograder.container.wire import WireError
from autograder.model import Limits

_NAME: Final = 200  # bytes of a file's name


@dataclass
class ArrivingFiles:
    """The files of one job, in ``folder``, and how much more may come."""

    folder: Path
    bytes_left: int
    files_left: int
    names: set[str] = field(default_factory=set)

    @classmethod
    def within(cls, limits: Limits, folder: Path) -> Self:
        """Return the files of a job with these limits: none yet."""
        return cls(folder=folder, bytes_left=limits.disk_mib << 20, files_left=limits.files)

    def keep(self, name: object, content: bytes) -> None:
        """Append some bytes to a file.

        Raises:
            WireError: the name is invalid, or there are more files or bytes than a child may leave.
        """
        if (not isinstance(name, str) or not name.isprintable() or name in ("", ".", "..") or "/" in name
                or len(name.encode(errors="replace")) > _NAME):
            raise WireError(f"Expected the name of a file from the runner, but got {ascii(name)[:60]}; it was "
                            "abandoned.")
        if name not in self.names:
            self.names.add(name)
            self.files_left -= 1
        self.bytes_left -= len(content)
        if self.files_left < 0 or self.bytes_left < 0:
            raise WireError("Expected files within the job's limits from the runner, but got more; it was abandoned.")
        with (self.folder / name).open("ab") as stream:
            stream.write(content)
