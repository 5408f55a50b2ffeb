"""The supervisor's end of the zygote: start it, request children, notice its death, end it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from autograder.errors import ExecutionError
from autograder.sandbox.isolation import readable_paths

_BOOTSTRAP: Final = (
    "import sys, json, socket; link = socket.socket(fileno=int(sys.argv[1])); config = json.loads(link.recv(1 << 16)); "
    "sys.argv[1:] = []; sys.path += [p for p in config['path'] if p not in sys.path]; "
    "from autograder.sandbox.child import zygote; zygote.main(link, config)"
)
_WARM_UP: Final = 600.0  # seconds until the imports must be done, on a slow and busy machine
_REPLY: Final = 120.0  # seconds for one fork, on a busy machine
_LEAVE: Final = 20.0  # seconds that the children have to exit when the pool closes
_PASSED_ON: Final = ("KERAS_BACKEND",)


@dataclass(frozen=True)
class Programs:
    """The modules that run in children, and the folders of the host that they need on ``sys.path``.

    Each module has ``preload()``, which imports everything that is slow to import, and ``run(job: dict, scratch: str,
    progress: int)``.
    """

    notebook: str = "autograder.sandbox.child.student.entry"
    prediction: str = "autograder.sandbox.child.predictor"
    path: tuple[Path, ...] = ()
    refit: str = "autograder.sandbox.child.refitter"


class ZygoteDied(Exception):
    """The zygote ended; everything that ran in it is lost. Caught inside this package."""


@dataclass(frozen=True)
class Child:
    """One process that the zygote forked, and its private memory at the fork, in bytes."""

    pid: int
    inherited: int


class Zygote:
    """One warm process. Thread-safe: requests take turns.

    ``versions`` are those of what children compute with; empty until it is warm.
    """

    def __init__(self, programs: Programs, folder: Path) -> None:
        """Start the process; at its end it deletes ``folder``, which must contain `home`."""
        self._turn = threading.Lock()
        self.versions: dict[str, str] = {}
        self._link, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  (closed when it is warm)
        with theirs:
            self._process = subprocess.Popen(
                # Like -I, but with Python's environment variables: all are ours, and one fixes the order of sets.
                [sys.executable, "-s", "-P", "-c", _BOOTSTRAP, str(theirs.fileno())],
                env=_environment(folder / "home"), cwd="/", pass_fds=[theirs.fileno()], start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._complaints)
        self._config = {"folder": str(folder), "path": readable_paths.import_paths(programs.path),
                        "programs": {"notebook": programs.notebook, "prediction": programs.prediction,
                                     "refit": programs.refit}}

    def wait_until_warm(self) -> dict[str, str]:
        """Wait until the process has imported everything, and return the versions.

        Raises:
            ExecutionError: it died or reported what is wrong.
        """
        with self._turn:
            if not self.versions:
                try:
                    with self._complaints as complaints:
                        self.versions = self._warm_up(complaints)
                except BaseException:
                    self._hang_up()
                    raise
        return self.versions

    def _warm_up(self, complaints: IO[bytes]) -> dict[str, str]:
        self._link.settimeout(_WARM_UP)
        try:
            self._link.send(json.dumps(self._config).encode())
            hello = self._receive()
        except (OSError, ZygoteDied):
            hello = {}
        if "versions" not in hello:
            complaints.seek(0)
            last = complaints.read().decode(errors="replace").strip().splitlines()
            reason = hello.get("failed") or (last[-1] if last else "it ended without a message")
            raise ExecutionError(
                f"Expected the warm process to import Keras, but it failed: {reason}; "
                "check the installation with `autograder doctor`."
            )
        self._link.settimeout(_REPLY)
        return {str(k): str(v) for k, v in hello["versions"].items()}

    def _receive(self) -> dict[str, Any]:
        message = self._link.recv(1 << 16)
        if not message:
            raise ZygoteDied
        answer: dict[str, Any] = json.loads(message)
        return answer

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id, for tests and logs."""
        return self._process.pid

    def fork(self, descriptors: Sequence[int]) -> Child:
        """Request one child, which gets ``descriptors`` in the order of ``child.Descriptors``.

        Raises:
            ZygoteDied: the zygote has ended.
            ExecutionError: the machine refused to fork.
        """
        with self._turn:
            try:
                socket.send_fds(self._link, [b'{"child": true}'], list(descriptors))
                answer = self._receive()
            except OSError as error:
                self._process.kill()  # hanging or dead: useless in both cases
                raise ZygoteDied from error
        if "error" in answer:
            raise ExecutionError("Expected a new process for a submission, but the machine refused: "
                                 f"{answer['error']}; free memory or use fewer workers.")
        return Child(int(answer["pid"]), int(answer["private"]))

    def kill(self, pid: int) -> None:
        """Kill a child that this zygote still has; a process id that was reused since is not affected."""
        with self._turn, contextlib.suppress(OSError):
            self._link.send(json.dumps({"kill": pid}).encode())

    def close(self) -> None:
        """Hang up and wait until the zygote and its children are gone; a wait for it to be warm ends too."""
        if not self.versions:
            # It has no children yet, and would finish its imports before it looked at the link.
            self._kill()
        with self._turn:
            self._hang_up()

    def _hang_up(self) -> None:
        self._complaints.close()
        self._link.close()
        try:
            self._process.wait(_LEAVE)
        except subprocess.TimeoutExpired:
            self._kill()
            self._process.wait()

    def _kill(self) -> None:
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _environment(home: Path) -> dict[str, str]:
    """Return the whole environment of the zygote, and so of every child."""
    fixed = {
        "HOME": str(home), "KERAS_HOME": str(home), "MPLCONFIGDIR": str(home), "IPYTHONDIR": str(home),
        "LANG": "C.UTF-8", "MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "PYTHONHASHSEED": "0",
    }
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return fixed | passed_on | {"PATH": readable_paths.search_path(os.environ.get("PATH", os.defpath))}
