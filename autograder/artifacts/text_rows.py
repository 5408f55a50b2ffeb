"""Recovers how a student made rows of numbers from texts: by the vocabulary of a layer, to a fixed length.

The form that can be recovered is what `TextVectorization` does with its built-in rules. The layer's vocabulary and
settings were recorded in the student's process; that the rows were made by them is proved on all sampled rows, exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts.preprocessing import MIN_ROWS
from autograder.artifacts.values import Array, ArrayValue, LayerValue

LAYER = "TextVectorization"
MODES = ("int", "multi_hot", "count")
RULES = (None, "lower", "strip_punctuation", "lower_and_strip_punctuation")
SPLITS = ("whitespace", "character")
MAX_LENGTH = 10_000
"""Numbers of one row: more would not fit into memory for a whole data set."""
RECORDED_WORD = 200
"""Characters of a word that are recorded: a longer one is not known."""
MAX_LAYERS = 20
"""Layers of one checkpoint that are tried."""
_UNKNOWN = "[UNK]"
# The characters that Keras takes away. Only ASCII has capitals and white space for TensorFlow's operations.
_PUNCTUATION = re.compile(r"""[!"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']""")
_SPACE = re.compile(r"[ \t\n\v\f\r]+")
_SMALL = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")

Rows = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True, slots=True)
class TextRows:
    """How texts become rows of whole numbers.

    Attributes:
        words: the vocabulary; the position of a word is its number. Special words come first.
        width: numbers of a row.
        mode: ``int``: the numbers of the words, then zeros; ``multi_hot``, ``count``: per word whether or how often.
        standardize, split: as `TextVectorization` names them.
    """

    words: tuple[str, ...]
    width: int
    mode: str = "int"
    standardize: str | None = "lower_and_strip_punctuation"
    split: str = "whitespace"

    def apply(self, texts: Array) -> Rows:
        """Return the rows ``(n, width)`` of texts ``(n,)``."""
        numbers = {word: number for number, word in enumerate(self.words)}
        unknown = numbers.get(_UNKNOWN, 0)
        made = np.zeros((len(texts), self.width), np.int32)
        for row, text in zip(made, texts.tolist(), strict=True):
            found = [numbers.get(part, unknown) for part in self._parts(text)]
            if self.mode == "int":
                row[: len(found[: self.width])] = found[: self.width]
            elif self.mode == "count":
                np.add.at(row, found, 1)
            else:
                row[found] = 1
        return made

    def _parts(self, text: str) -> list[str]:
        if self.standardize in ("lower", "lower_and_strip_punctuation"):
            text = text.translate(_SMALL)
        if self.standardize in ("strip_punctuation", "lower_and_strip_punctuation"):
            text = _PUNCTUATION.sub("", text)
        if self.split == "whitespace":
            return [part for part in _SPACE.split(text) if part]
        return list(text)


def recover_texts(array: ArrayValue, texts: Array, layers: Iterable[LayerValue]) -> TextRows | None:
    """Return how an array was made from texts, or None where no layer makes its sampled rows.

    Args:
        array: what the student stored, with sampled rows.
        texts: the texts ``(n,)`` of the data set, in its order. The array may have some of them, in another order.
        layers: those under a name at the same checkpoint.
    """
    rows, places = array.rows, array.indices
    if rows is None or places is None or rows.ndim != 2 or rows.dtype.kind not in "fiub" or len(rows) < MIN_ROWS:
        return None
    for layer in list(layers)[:MAX_LAYERS]:
        form = _form_of(layer, rows.shape[1])
        if form is not None and (_in_order(form, rows, places, texts) or _among(form, rows, texts)):
            return form
    return None


def rows_of_layer(layer: LayerValue) -> TextRows | None:
    """Return what a layer does with texts, None where it is not all known or not of this form.

    Unlike in `recover_texts` there are no rows that could prove it, so nothing in the record may be in doubt.
    """
    width = width_of(layer.settings, layer.size)
    cut = any(len(word) >= RECORDED_WORD for word in layer.vocabulary or ())
    if width is None or cut or layer.settings.get("encoding") not in (None, "utf-8"):
        return None
    return _form_of(layer, width)


def width_of(settings: Mapping[str, Any], size: int | None) -> int | None:
    """Return how many numbers a layer makes of each text, None where it depends on the texts.

    Args:
        settings: of the layer.
        size: of its vocabulary.
    """
    padded = settings.get("pad_to_max_tokens") is True
    length = settings.get("output_sequence_length") if settings.get("output_mode") == "int" else \
        settings.get("max_tokens") if padded else size
    return length if type(length) is int and 0 < length <= MAX_LENGTH else None


def _form_of(layer: LayerValue, width: int) -> TextRows | None:
    """Return what a layer does, None where it is not all known or not of this form."""
    settings, words = layer.settings, layer.vocabulary
    mode, length = settings.get("output_mode"), settings.get("output_sequence_length")
    rules, split = settings.get("standardize"), settings.get("split")
    known = mode in MODES and rules in RULES and split in SPLITS and settings.get("ngrams") is None
    if layer.name != LAYER or not known or settings.get("ragged") or words is None or layer.size != len(words):
        return None
    if width > MAX_LENGTH or (length != width if mode == "int" else width < len(words)):
        return None
    return TextRows(words=words, width=width, mode=str(mode), standardize=rules, split=str(split))


def _in_order(form: TextRows, rows: Array, places: Array, texts: Array) -> bool:
    return bool(places.max() < len(texts)) and np.array_equal(form.apply(np.asarray(texts[places])), rows)


def _among(form: TextRows, rows: Array, texts: Array) -> bool:
    """Whether each row is that of some text: students who divide the texts themselves have them in another order."""
    every = _keys(form.apply(np.asarray(texts)))
    return set(_keys(rows)) <= set(every)


def _keys(rows: Array) -> Sequence[bytes]:
    return [row.tobytes() for row in np.ascontiguousarray(rows, np.float64)]
