"""Harmless stand-ins for what exists only elsewhere: Colab's modules and magics, TensorBoard's server, windows."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import matplotlib

_COLAB = "google.colab"
_HERE = "Notebooks are graded on another machine than Colab: "


def install(shell: Any, inline: str) -> None:
    """Install all of them.

    Args:
        shell: the student's shell.
        inline: the backend that draws figures below their cell.
    """
    _quiet_backends(inline)
    _magics(shell)
    if not any(isinstance(finder, ColabFinder) for finder in sys.meta_path):
        # At the end, so that a grader that has the real module uses it.
        sys.meta_path.append(ColabFinder())
    if importlib.util.find_spec("tensorboard") is None:
        _silence_tensorboard()


def _quiet_backends(inline: str) -> None:
    """Let `matplotlib.use` and `plt.switch_backend` keep drawing into the notebook, whatever backend is requested."""
    pyplot: Any = importlib.import_module("matplotlib.pyplot")
    use, switch = matplotlib.use, pyplot.switch_backend

    def ours(backend: Any) -> Any:
        # The backend has two names, and a real kernel reports the one that was requested.
        return backend if backend in ("inline", inline) else inline

    def keep(backend: str, *, force: bool = True) -> None:
        use(ours(backend), force=force)

    def keep_switched(newbackend: str) -> None:
        switch(ours(newbackend))

    matplotlib.use, pyplot.switch_backend = keep, keep_switched


def _magics(shell: Any) -> None:
    load = shell.find_line_magic("load_ext")

    def load_ext(line: str = "") -> Any:
        if line.strip().split(".")[0] in ("tensorboard", "google"):
            return None
        return load(line)

    def nothing(line: str = "") -> None:
        """Do nothing: what this magic shows or chooses does not exist during grading."""

    shell.register_magic_function(load_ext, "line", "load_ext")
    for name in ("tensorflow_version", "tensorboard"):
        shell.register_magic_function(nothing, "line", name)


def _silence_tensorboard() -> None:
    """Let Keras's callback be made and given to `fit`, and write nothing."""
    keras: Any = importlib.import_module("keras")
    callback, board = keras.callbacks.Callback, keras.callbacks.TensorBoard
    for name in vars(board).copy():
        if name == "set_model" or name.startswith("on_"):
            setattr(board, name, getattr(callback, name))


class ColabFinder(MetaPathFinder, Loader):
    """Finds `google.colab` and what is in it, where Python itself does not."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        """Return the specification of a module of Colab's; None for all others."""
        if fullname == "google":
            return ModuleSpec(fullname, self, is_package=True)
        name = fullname.removeprefix(f"{_COLAB}.")
        if fullname == _COLAB or (name != fullname and name in _CONTENT):
            return ModuleSpec(fullname, self, is_package=fullname == _COLAB)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the module with its contents."""
        module = ModuleType(spec.name)
        for name, value in _CONTENT.get(spec.name.removeprefix(f"{_COLAB}."), {}).items():
            setattr(module, name, value)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Import the parts of `google.colab` with it, as Colab does."""
        if module.__name__ == _COLAB:
            for name in _CONTENT:
                setattr(module, name, importlib.import_module(f"{_COLAB}.{name}"))


def _say(what: str) -> None:
    print(f"{_HERE}{what}")  # noqa: T201  (it is the output of the student's cell)


def _mount(mountpoint: str = "", *_: Any, **__: Any) -> None:
    _say("there is no Drive, and nothing was mounted.")


def _upload(*_: Any, **__: Any) -> dict[str, bytes]:
    _say("nobody is there to choose a file, so nothing was uploaded.")
    return {}


def _secret(key: str = "", *_: Any) -> str:
    _say("it knows no secrets, so this one is empty.")
    return ""


def _nothing(*_: Any, **__: Any) -> None:
    """Do nothing."""


def _show(image: Any) -> None:
    pyplot: Any = importlib.import_module("matplotlib.pyplot")
    pyplot.imshow(image)
    pyplot.axis("off")
    pyplot.show()


class SecretNotFoundError(Exception):
    """A secret that is not there; only its name is known here."""


class NotebookAccessError(Exception):
    """A notebook that may not read a secret; only its name is known here."""


_CONTENT: dict[str, dict[str, Any]] = {
    "drive": {"mount": _mount, "flush_and_unmount": _nothing},
    "files": {"upload": _upload, "upload_file": _upload, "download": _nothing, "view": _nothing},
    "userdata": {"get": _secret, "SecretNotFoundError": SecretNotFoundError,
                 "NotebookAccessError": NotebookAccessError},
    "output": {"clear": _nothing, "eval_js": _nothing, "register_callback": _nothing,
               "enable_custom_widget_manager": _nothing, "disable_custom_widget_manager": _nothing,
               "no_vertical_scroll": _nothing},
    "auth": {"authenticate_user": _nothing},
    "runtime": {"unassign": _nothing},
    "patches": {"cv2_imshow": _show},
    "data_table": {"enable_dataframe_formatter": _nothing, "disable_dataframe_formatter": _nothing},
}
