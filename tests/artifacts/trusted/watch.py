"""Reports what a process of the trusted side may never do: unpickle, open HDF5, load a model file, run its code."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOREIGN = ("h5py", "keras", "tensorflow", "dill", "cloudpickle", "joblib")
"""Packages that the supervisor and the check server have no business with."""
LEFT_BEHIND = (".pkl", ".h5", ".hdf5", ".keras", ".pt", ".joblib")
READERS = (("autograder.artifacts.reader", "read"),
           ("autograder.artifacts.jsonguard", "parse"), ("autograder.artifacts.jsonguard", "parse_lines"),
           ("autograder.artifacts.refit_plan", "recorded"), ("autograder.artifacts.refit_plan", "plan_refit"),
           ("autograder.artifacts.refit_plan", "read_refit"), ("autograder.artifacts.preprocessing", "recover"),
           ("autograder.artifacts.prediction_files", "read_predictions"), ("autograder.notebook.merge", "merge"),
           ("autograder.notebook.kernel_messages", "parse_messages"), ("autograder.safe.clean", "safe_notebook"),
           ("autograder.feedback.page", "render"))
"""What reads the words and bytes of a student: the supervisor has no business with it.

Not `read_npz` itself, by which the supervisor reads the data set of the course.
"""
LOADERS = (("h5py", "File"), ("keras.saving", "load_model"), ("keras.models", "load_model"),
           ("keras.saving", "load_weights"), ("pickle", "load"), ("pickle", "loads"))


class Report:
    """A file with one line of JSON per finding; forks of this process write into it too."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def add(self, kind: str, **details: Any) -> None:
        """Write one line at once."""
        os.write(self._file, (json.dumps({"kind": kind, "pid": os.getpid(), **details}) + "\n").encode())


def install(path: Path, *, keras: bool = False) -> Report:
    """Watch this process and all its forks from now on, whatever they do: an audit hook cannot be taken away.

    Args:
        path: where findings go.
        keras: whether Keras may be imported here; its loaders are watched instead.
    """
    report = Report(path)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "pickle.find_class":
            report.add("unpickled", what=".".join(map(str, arguments)))
        elif event == "import" and not keras and str(arguments[0]).split(".")[0] in FOREIGN:
            report.add("imported", what=str(arguments[0]))
        elif event == "open" and str(arguments[0]).endswith(LEFT_BEHIND):
            report.add("opened", what=str(arguments[0]))
        elif event == "exec" and "/.out/" in (name := str(getattr(arguments[0], "co_filename", ""))):
            report.add("ran", what=name)

    sys.addaudithook(hook)
    if keras:
        for module, name in LOADERS:
            _watch(report, module, name)
    report.add("watching", what=" ".join(sys.argv[:3]))
    return report


def watch_reading(report: Report) -> None:
    """Report every call of a function of ours that reads what students wrote, whoever has imported it already."""
    for module, name in READERS:
        function = getattr(importlib.import_module(module), name)
        original = types.FunctionType(function.__code__, function.__globals__, name, function.__defaults__,
                                      function.__closure__)
        original.__kwdefaults__ = function.__kwdefaults__
        key = f"_watched_{name}"
        function.__globals__[key] = _reported(report, f"{module}.{name}", original)
        # Importers hold the function itself: so it gets another body, which is the same for all of them.
        scope: dict[str, Any] = {}
        exec(f"def {name}(*given, **options): return {key}(*given, **options)", scope)
        function.__code__, function.__defaults__, function.__kwdefaults__ = scope[name].__code__, None, None


def _reported(report: Report, what: str, original: Callable[..., Any]) -> Callable[..., Any]:
    def watched(*given: Any, **options: Any) -> Any:
        report.add("read", what=what)
        return original(*given, **options)

    return watched


def _watch(report: Report, module: str, name: str) -> None:
    owner: Any = sys.modules.get(module)
    original = getattr(owner, name, None)
    if original is None:
        return

    def watched(*arguments: Any, **options: Any) -> Any:
        report.add("loaded", what=f"{module}.{name}")
        return original(*arguments, **options)

    setattr(owner, name, watched)


def visible(roots: tuple[str, ...], outside: tuple[str, ...], names: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return every regular file below ``roots`` that this process can read: path, size and SHA-256.

    Args:
        outside: folders that are not looked into.
        names: also tried by name in each root, where a folder may not be listed.
    """
    paths = {Path(root, name) for root in roots for name in names}
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders[:] = [name for name in folders if str(Path(folder, name)) not in outside]
            paths |= {Path(folder, name) for name in files}
    found = []
    for path in sorted(paths):
        try:
            if path.is_file() and not path.is_symlink():
                data = path.read_bytes()
                found.append({"path": str(path), "size": len(data), "sha256": hashlib.sha256(data).hexdigest()})
        except OSError:
            continue
    return found
