"""Describes each array once: statistics, fingerprint and sampled rows, all cheap enough for every checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import ref

from numpy import add, int64, ndarray, uint8, uint64
from numpy.random import PCG64
from numpy.typing import NDArray

from autograder.artifacts.row_marks import is_table, table_marks
from autograder.artifacts.sampling import bytes_digest, fingerprint, sample_indices
from autograder.artifacts.statistics import statistics

_ROW_BYTES = 1 << 20
_PAGE_BYTES = 4096
_HASHED = 1 << 20
_PAGE_SHARE = 16
_FEWEST_PAGES = 128
_FILE_BYTES = 32 << 20
_MAX_AXES = 6
_KEPT = 10_000
Described = dict[str, Any]


@dataclass(slots=True)
class _Known:
    """A measured array: its description, and the facts that show whether it has changed since."""

    owner: Callable[[], Any]
    place: _Place
    body: _Body
    described: Described


class ArrayBook:
    """All arrays seen in one run.

    Args:
        key: decides which rows are sampled.
        sample_rows: how many.
        public: the job's `PublicArray`s as JSON: an array with the digest of one of them is not measured again.
    """

    def __init__(self, key: str, sample_rows: int, public: Iterable[Mapping[str, Any]] = ()) -> None:
        self._key = key
        self._count = sample_rows
        self._known: dict[int, _Known] = {}
        self._lying: dict[tuple[Any, ...], _Known] = {}
        self._measured: dict[str, Described] = {}
        self._statistics_of: dict[tuple[str, bytes], Described] = {
            (fact["dtype"], bytes.fromhex(fact["digest"])): fact["statistics"] for fact in public}
        self._rows = 0
        self._room = _FILE_BYTES
        self.pending: dict[str, NDArray[Any]] = {}
        self.file = 1

    def describe(self, owner: Any, array: NDArray[Any], type_name: str) -> Described:
        """Return the description of an array as in the architecture, and keep its sampled rows for `pending`.

        Args:
            owner: the student's object, of which ``array`` are the values: a tensor, a frame or the array itself.
        """
        head = {"kind": "array", "type": type_name, "shape": list(array.shape), "dtype": str(array.dtype)}
        if array.dtype.kind not in "biuf":
            return head
        known = self._look(owner, array)
        return {**head, **self._whole(known, array)}

    def reference(self, owner: Any, array: NDArray[Any]) -> Described:
        """Return the fingerprint, shape and type of an array that `fit` was called with."""
        head: Described = {"shape": list(array.shape), "dtype": str(array.dtype)}
        if array.dtype.kind not in "biuf":
            return {**head, "type": "numpy.ndarray"}
        return {"fingerprint": self._look(owner, array).described["fingerprint"], **head}

    def sampled(self, values: Sequence[Any]) -> list[Any]:
        """Return the items at the sampled places of a list."""
        return [values[place] for place in sample_indices(self._key, len(values), self._count).tolist()]

    def drop_pending(self) -> None:
        """Forget the pending sampled rows, whether or not they were stored: the next ones go into the next file."""
        self.pending = {}
        self._room = _FILE_BYTES
        self.file += 1

    def _look(self, owner: Any, array: NDArray[Any]) -> _Known:
        """Return what is known of an array; its bytes are hashed only if their place or content has changed."""
        place = _Place.of(owner, array)
        known = self._known.get(id(owner))
        if known is not None and known.owner() is owner and known.place == place and known.body.still(array):
            return known
        body = self._body_at(place, array) or _Body(array, self._key)
        digest = fingerprint(array, body.digest)
        return self._keep(owner, place, body, self._measured.setdefault(digest, {"fingerprint": digest}))

    def _body_at(self, place: _Place, array: NDArray[Any]) -> _Body | None:
        """Return the known bytes of the same memory in another shape; valid as long as the owner exists."""
        known = self._lying.get(place.memory)
        if place.memory[0] == 0 or known is None or known.owner() is None:
            return None
        return known.body if known.body.still(array) else None

    def _whole(self, known: _Known, array: NDArray[Any]) -> Described:
        """Return the whole description; content that was not measured yet, or only for a fit, is measured now."""
        described = known.described
        if "nan" not in described:
            key = array.dtype.str, known.body.digest
            if key not in self._statistics_of:
                self._statistics_of[key] = statistics(array)
            described.update(self._statistics_of[key])
        if "rows" not in described:
            described.update(self._sample(array))
        return described

    def _sample(self, array: NDArray[Any]) -> Described:
        if array.ndim > _MAX_AXES or array.itemsize > 8 or array.nbytes // max(1, array.shape[0]) > _ROW_BYTES:
            return {"rows": None, "file": None}
        rows = array[sample_indices(self._key, array.shape[0], self._count)]
        if self._room < rows.nbytes:
            return {"rows": None, "file": None}
        self._room -= rows.nbytes
        self._rows += 1
        name = f"a{self._rows}"
        self.pending[name] = rows
        return {"rows": name, "file": self.file, **self._marks(array, len(rows))}

    def _marks(self, array: NDArray[Any], sampled: int) -> Described:
        """Keep a number for each row of a table, so that the grader can tell how it was split."""
        if array.shape[0] <= sampled or not is_table(array.shape, array.itemsize):
            return {}
        name = f"m{self._rows}"
        self.pending[name] = table_marks(array)
        self._room -= self.pending[name].nbytes
        return {"marks": name}

    def _keep(self, owner: Any, place: _Place, body: _Body, described: Described) -> _Known:
        known = _Known(lambda: None, place, body, described)
        try:
            known.owner = ref(owner)
        except TypeError:
            return known
        if len(self._known) > _KEPT:
            self._known.clear()
            self._lying.clear()
        self._known[id(owner)] = self._lying[place.memory] = known
        return known


@dataclass(frozen=True, slots=True)
class _Place:
    """An array's place in memory; ``memory`` is the same for every contiguous shape of the same numbers."""

    memory: tuple[Any, ...]
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @classmethod
    def of(cls, owner: Any, array: NDArray[Any]) -> _Place:
        # A tensor's values are copied out each time, so only a NumPy array's own address is meaningful.
        own = type(owner) is ndarray and array.flags.c_contiguous
        address = array.ctypes.data if own else 0
        return cls((address, array.nbytes, array.dtype.str), array.shape, array.strides)


class _Body:
    """The bytes of an array in C order: their digest, and sums that show whether they changed.

    Of a large array in an unchanged place, only some pages of 4 KiB are summed, different ones each time. So a change
    of a few numbers, or one within a page that keeps its sum, may be missed; a student gains nothing by either, since
    values are judged by the sampled rows.
    """

    def __init__(self, array: NDArray[Any], key: str) -> None:
        self.digest = bytes_digest(array)
        self._sums = add.reduce(_pages(array), axis=1) if _large(array) else None
        self._draw = PCG64(int(key, 16))

    def still(self, array: NDArray[Any]) -> bool:
        """Whether an array still has these bytes: exact for a small array, as far as sums show for a large one."""
        if self._sums is None or not _large(array):
            return bytes_digest(array) == self.digest
        count = len(self._sums)
        drawn = (self._draw.random_raw(max(_FEWEST_PAGES, count // _PAGE_SHARE)) % count).astype(int64)
        return bool((add.reduce(_pages(array)[drawn], axis=1) == self._sums[drawn]).all())


def _large(array: NDArray[Any]) -> bool:
    """Whether summing some pages is faster than hashing everything; only contiguous arrays have pages."""
    return array.flags.c_contiguous and array.nbytes > _HASHED


def _pages(array: NDArray[Any]) -> NDArray[uint64]:
    """Return a view of an array's whole pages, without the incomplete one at its end."""
    octets = array.reshape(-1).view(uint8)
    return octets[: octets.size // _PAGE_BYTES * _PAGE_BYTES].view(uint64).reshape(-1, _PAGE_BYTES // 8)
