"""Brings data sets of Keras to the data folder, while there is internet; grading never needs it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.data.data_set import MNIST
from autograder.data.dataset import read_mnist
from autograder.data.keras_sets import LIMITS, file_of, read_keras_set, word_index_of
from autograder.errors import DataError

SECONDS = 3 * 3600
_PROGRAM = """\
import json, sys
import numpy as np
import keras
name, into, words = sys.argv[1:]
module = getattr(keras.datasets, name)
is_text = name in ("imdb", "reuters")
raw = {"start_char": None, "index_from": 0, "oov_char": None, "num_words": 10**9} if is_text else {}
arrays = {}
for part, (rows, labels) in zip(("train", "test"), module.load_data(**raw)):
    arrays["y_" + part] = np.asarray(labels).reshape(-1)
    if is_text:
        arrays["words_" + part] = np.concatenate([np.asarray(row, np.int32) for row in rows])
        arrays["ends_" + part] = np.cumsum([len(row) for row in rows])
    else:
        arrays["x_" + part] = np.asarray(rows)
np.savez(into, **arrays)
if is_text:
    with open(words, "w") as file:
        json.dump(module.get_word_index(), file)
"""


def fetch(keras_name: str, folder: Path, *, source: str | None = None) -> Path:
    """Put a data set into the data folder, and return its file. An existing file is replaced when the new one is whole.

    Args:
        keras_name: its module in ``keras.datasets``.
        source: a file of the same form, or its http(s) address; None: Keras downloads it.

    Raises:
        DataError: it cannot be downloaded or read, or is another data set.
    """
    goal = file_of(keras_name, folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as name:
        made, words = Path(name) / goal.name, word_index_of(keras_name, Path(name))
        if source is None:
            _ask_keras(keras_name, made, words)
        else:
            _copy(keras_name, source, made)
        if keras_name == MNIST:
            read_mnist(made)
        else:
            read_keras_set(keras_name, made)
        made.chmod(0o644)
        if words.is_file():
            words.replace(word_index_of(keras_name, folder))
        made.replace(goal)
    return goal


def _ask_keras(keras_name: str, into: Path, words: Path) -> None:
    """Let Keras load the data set in a separate process: it downloads it, and knows its checksum."""
    try:
        ran = subprocess.run([sys.executable, "-c", _PROGRAM, keras_name, str(into), str(words)], capture_output=True,
                             text=True, errors="replace", timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise DataError(f"{keras_name} was expected within {SECONDS // 3600} hours, but was not downloaded; try "
                        "again, or "
                        "name a copy with --from.") from None
    if ran.returncode or not into.is_file():
        last = next((line for line in reversed(ran.stderr.splitlines()) if line.strip()), f"exit code {ran.returncode}")
        raise DataError(f"Keras was expected to download {keras_name}, but it could not ({last.strip()[:200]}); "
                        "connect to "
                        "the internet, or name a copy with --from.")


def _copy(keras_name: str, source: str, into: Path) -> None:
    try:
        with into.open("wb") as stream:
            for size, part in _parts(source):
                if size > LIMITS.packed:
                    raise DataError(f"{source[:200]} was expected to be {keras_name}, but has more than "
                                    f"{LIMITS.packed >> 20} MiB; name another file.")
                stream.write(part)
    except OSError as error:
        raise DataError(f"{keras_name} was expected at {source[:200]}, but it cannot be read ({error}); name another "
                        "file or address.") from None


def _parts(source: str) -> Iterator[tuple[int, bytes]]:
    """Yield the bytes of a file or address, with how many there were so far."""
    size = 0
    with _opened(source) as parts:
        for part in parts:
            size += len(part)
            yield size, part


@contextmanager
def _opened(source: str) -> Iterator[Iterator[bytes]]:
    if not source.startswith(("http://", "https://")):
        with Path(source).open("rb") as stream:
            yield iter(lambda: stream.read(1 << 20), b"")
        return
    import httpx

    try:
        with httpx.stream("GET", source, follow_redirects=True, timeout=60) as reply:
            reply.raise_for_status()
            yield reply.iter_bytes(1 << 20)
    except httpx.HTTPError as error:
        raise OSError(str(error).splitlines()[0] if str(error) else type(error).__name__) from None
