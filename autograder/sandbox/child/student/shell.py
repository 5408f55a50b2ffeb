"""A kernel without sockets: ipykernel's own shell, whose messages go to the recorder."""

from __future__ import annotations

import builtins
import codecs
import getpass
import importlib
import os
import pdb
import signal
import subprocess
import sys
from os import getpid
from select import select
from types import SimpleNamespace
from typing import Any, NoReturn

import matplotlib
from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core import debugger
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session, extract_header
from traitlets.config import Config

from autograder.sandbox.child.student import stand_ins
from autograder.sandbox.child.student.records import Recorder

kernel_compiler: Any = importlib.import_module("ipykernel.compiler")
backend_inline: Any = importlib.import_module("matplotlib_inline.backend_inline")
kernel_shell: Any = importlib.import_module("ipykernel.zmqshell")
pylabtools: Any = importlib.import_module("IPython.core.pylabtools")

INLINE = "module://matplotlib_inline.backend_inline"
_NOBODY = "{} was called, but notebooks are graded without a person at the keyboard: assign the value in the cell."


class RecordingSession(Session):
    """Replaces the session by which a kernel sends messages to its clients."""

    recorder: Recorder

    def msg(
        self, msg_type: str, content: Any = None, parent: Any = None, header: Any = None, metadata: Any = None
    ) -> Any:
        """Return a message in the nested form that display hooks see; nothing of it but type and content is kept."""
        header = header or {"msg_id": "", "msg_type": msg_type}
        return {"header": header, "msg_id": header["msg_id"], "msg_type": msg_type, "content": content or {},
                "parent_header": extract_header(parent) if parent else {}, "metadata": dict(metadata or {})}

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Record a message instead of sending it."""
        if isinstance(msg_or_type, dict):
            self.recorder.message(msg_or_type["msg_type"], msg_or_type["content"])
        else:
            self.recorder.message(msg_or_type, content or {})


class Compiler(XCachingCompiler):
    """Names the code of a cell as a kernel would, independently of this process's temporary folder."""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        """Return the file name that warnings show."""
        name = kernel_compiler.murmur2_x86(raw_code, kernel_compiler.get_tmp_hash_seed())
        return f"/tmp/ipykernel_{getpid()}/{name}.py"  # noqa: S108  (never opened)


def make_shell(recorder: Recorder, scratch: str) -> Any:
    """Return the one shell of this process, its history off, drawing figures into the notebook."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    session = RecordingSession(key=b"", username="")
    session.recorder = recorder
    kernel = SimpleNamespace(eventloop=None, session=session, iopub_socket=None, _allow_stdin=False)
    shell: Any = ZMQInteractiveShell.instance(
        config=config, ipython_dir=f"{scratch}/.ipython", user_ns={}, kernel=kernel, compiler_class=Compiler
    )
    kernel.shell = shell
    for publisher in (shell.displayhook, shell.display_pub):
        publisher.session = session
        publisher.pub_socket = recorder
    shell.displayhook.topic = b"execute_result"
    shell.exit_now = False
    shell.enable_gui = lambda gui=None: None
    kernel_shell.system = _run
    sys.breakpointhook = lambda *arguments, **options: None
    _draw_inline(shell)
    debuggers: Any = pdb
    debuggers.Pdb, debuggers.set_trace = debugger.InterruptiblePdb, debugger.set_trace
    return shell


def _draw_inline(shell: Any) -> None:
    """Make figures appear below their cell, also when the student never writes ``%matplotlib inline``."""
    matplotlib.use(INLINE)
    pylabtools.activate_matplotlib(INLINE)
    backend_inline.configure_inline_support(shell, INLINE)
    enable = shell.enable_matplotlib

    def enable_matplotlib(gui: str | None = None) -> Any:
        # There is no window to open, by any name; the figures are what counts.
        return enable("inline" if isinstance(gui, str) else gui)

    shell.enable_matplotlib = enable_matplotlib
    stand_ins.install(shell, INLINE)


class NoInput:
    """Makes requests for input fail at once while a cell runs, as in a kernel whose front end has no keyboard."""

    def __enter__(self) -> None:
        self._saved = builtins.input, getpass.getpass
        builtins.input, getpass.getpass = _input, _getpass

    def __exit__(self, *exception: object) -> None:
        builtins.input, getpass.getpass = self._saved


def _input(prompt: object = "", /) -> NoReturn:
    raise StdinNotImplementedError(_NOBODY.format("input()"))


def _getpass(prompt: str = "", stream: Any = None, *, echo_char: str | None = None) -> NoReturn:
    raise StdinNotImplementedError(_NOBODY.format("getpass()"))


def _run(command: str) -> int:
    """Run ``!command``, print what it says, and return its code, or the negative number of its signal.

    Replaces IPython's function that opens a terminal: the sandbox has none, so this one reads from a pipe.
    """
    sys.stdout.flush()
    process = subprocess.Popen(
        [os.environ.get("SHELL") or "sh", "-c", command],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, process_group=0,
    )
    try:
        _copy(process)
        code = process.wait()
    except KeyboardInterrupt:
        # Like Ctrl-C in a kernel's terminal: the command ends, the cell continues.
        os.killpg(process.pid, signal.SIGINT)
        try:
            code = process.wait(0.2)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
    return -(code - 128) if code > 128 else code


def _copy(process: subprocess.Popen[bytes]) -> None:
    """Print a command's output until it has ended and nothing is left, even if a child of it keeps the pipe open."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    pipe = process.stdout.fileno() if process.stdout else -1
    while True:
        ended = process.poll() is not None
        if not select([pipe], [], [], 0 if ended else 0.05)[0]:
            if ended:
                return
            continue
        data = os.read(pipe, 1 << 16)
        # A terminal would turn each line feed into both signs, and so do the outputs of a kernel.
        print(decoder.decode(data).replace("\n", "\r\n"), end="", flush=True)  # noqa: T201  (what the command says is the cell's output)
        if not data:
            return
