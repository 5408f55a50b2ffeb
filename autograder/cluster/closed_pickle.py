"""Closes what dask.distributed would run for its peers: pickles, compressed parts, messages without a limit.

Dask's own modules use the names that are replaced here; the rest of the process keeps Python's `pickle`. A member that
was taken over can still disturb a cluster, but makes no other member run anything but `autograder.cluster.tasks`.
"""

from __future__ import annotations

import importlib
import io
import pickle
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

LIMIT: Final = 1 << 30
"""Bytes of one message: more than a submission may leave on the disk."""
NAMES: Final = frozenset({
    ("builtins", "bytes"),
    ("dask._expr", "Expr._reconstruct"),
    ("dask._expr", "LLGExpr"),
    ("dask._task_spec", "Alias"),
    ("dask._task_spec", "Task"),
    ("autograder.cluster.tasks", "hand_on"),
    ("autograder.cluster.tasks", "run_job"),
})
"""All that a pickle may name: what a client's submission of our two functions consists of."""
OPENERS: Final = (
    "distributed.protocol.pickle", "distributed.client", "distributed.scheduler", "distributed.shuffle._core",
    "distributed.shuffle._pickle",
)
"""The modules of dask that import Python's `pickle` (a test compares this with the installed ones)."""


class RefusedPickle(TypeError):
    """A pickle names something that no member of our clusters sends."""


class Unopened(Exception):
    """Takes the place of what a client did not read: an exception, since dask expects one in most of these places."""


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in NAMES:
            raise RefusedPickle(f"Expected a job or an answer, but a pickle names {module}.{name}"[:200])
        return super().find_class(module, name)


class ClosedPickle:
    """What dask's modules have instead of `pickle`."""

    HIGHEST_PROTOCOL = pickle.HIGHEST_PROTOCOL
    PickleBuffer = pickle.PickleBuffer
    Pickler = pickle.Pickler
    PicklingError = pickle.PicklingError
    UnpicklingError = pickle.UnpicklingError
    dumps = staticmethod(pickle.dumps)
    dump = staticmethod(pickle.dump)

    @staticmethod
    def loads(data: Any, *, buffers: Iterable[Any] = ()) -> Any:
        """Return the object; ``buffers`` as in `pickle.loads`.

        Raises:
            RefusedPickle: it names something else than `NAMES`.
        """
        return _Unpickler(io.BytesIO(data), buffers=buffers).load()

    @staticmethod
    def load(stream: Any, *, buffers: Iterable[Any] = ()) -> Any:
        """As `loads`."""
        return _Unpickler(stream, buffers=buffers).load()


def close(*, lenient: bool = False) -> None:
    """Close this process's dask; must be called before the first connection.

    Args:
        lenient: what cannot be read becomes `Unopened` instead of ending the connection: for a client, whose scheduler
            passes on what workers sent.
    """
    for name in OPENERS:
        importlib.import_module(name).pickle = ClosedPickle  # type: ignore[attr-defined]  # dask's name
    core = importlib.import_module("distributed.protocol.core")
    core.decompress = _as_they_are  # type: ignore[attr-defined]  # few bytes could become very many; we compress nothing
    if lenient:
        read = importlib.import_module("distributed.protocol.serialize").merge_and_deserialize
        core.merge_and_deserialize = _leniently(read)  # type: ignore[attr-defined]  # dask's name
    tcp = importlib.import_module("distributed.comm.tcp")
    if not getattr(tcp.unpack_frames, "limited", False):
        tcp.unpack_frames = _limited_sum(tcp.unpack_frames)  # type: ignore[attr-defined]  # dask's name
        tcp.host_array = _limited_size(tcp.host_array)  # type: ignore[attr-defined]  # dask's name


def _as_they_are(header: Mapping[str, Any], frames: Any) -> Any:
    """Return the parts of a message; a part that says that it is compressed is read as it is, and fails there."""
    return frames


def _leniently(read: Callable[..., Any]) -> Callable[..., Any]:
    def attempt(header: Any, frames: Any, deserializers: Any = None) -> Any:
        try:
            return read(header, frames, deserializers=("msgpack", "dask", "pickle"))
        except Exception as error:  # whatever a worker sent: the client must survive it
            return Unopened(f"{type(error).__name__}: {error}"[:300])

    return attempt


def _limited_sum(unpack: Callable[..., Any]) -> Callable[..., Any]:
    def limited(*args: Any, **others: Any) -> Any:
        found = unpack(*args, **others)
        sizes = found[1] if others.get("partial") else ()
        if sum(sizes) > LIMIT:
            raise OSError(f"Expected a message of at most {LIMIT} bytes, but a longer one was announced.")
        return found

    limited.limited = True  # type: ignore[attr-defined]  # a mark: limits are set once
    return limited


def _limited_size(make: Callable[[int], memoryview]) -> Callable[[int], memoryview]:
    def limited(size: int) -> memoryview:
        if size > LIMIT:
            raise OSError(f"Expected a message of at most {LIMIT} bytes, but one of {size} was announced.")
        return make(size)

    return limited
