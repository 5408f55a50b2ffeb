"""Models that take texts: the `TextVectorization` in front, and the layers behind it, which are rebuilt without it.

Rows of numbers are made from texts by our own code (`text_rows`), so no rebuilt model is given a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.artifacts.json_fields import mapping, sequence
from autograder.artifacts.layer_spec import layout
from autograder.artifacts.object_values import read_layer
from autograder.artifacts.text_rows import LAYER, TextRows, rows_of_layer
from autograder.artifacts.values import Array
from autograder.errors import ArtifactError

_CALLS = ("inbound_nodes", "build_config")
"""What a layer's node says about the model that contained it."""


def split_front(node: Mapping[str, Any], recorded: Any) -> tuple[TextRows, dict[str, Any]] | None:
    """Return how a model makes rows of texts, and the layers behind as a model of their own; None if it takes numbers.

    Args:
        node: the model as Keras serialises it.
        recorded: the first layer as it was described in the student's process, with its vocabulary.

    Raises:
        ArtifactError: one sentence why the rows cannot be made here.
    """
    layers = [one for one in sequence(mapping(node.get("config")).get("layers")) if isinstance(one, dict)]
    inner = [one for one in layers if one.get("class_name") != "InputLayer"]
    if not inner or inner[0].get("class_name") != LAYER:
        return None
    if len(inner) < 2 or not layout(node).chain:
        raise ArtifactError("The model takes texts, and its layers do not form one chain behind TextVectorization; "
                            "only such models can be rebuilt.")
    layer = read_layer(mapping(recorded), 0)
    rows = rows_of_layer(layer) if layer is not None else None
    if rows is None:
        raise ArtifactError("The model's layer TextVectorization cannot be applied by the grader: that takes at most "
                            "5,000 words, built-in rules, and with `int` an output_sequence_length.")
    start = {"module": "keras.layers", "class_name": "InputLayer", "registered_name": None,
             "config": {"batch_shape": [None, rows.width], "name": "rows_of_texts",
                        "dtype": "int64" if rows.mode == "int" else "float32"}}
    behind = [{key: value for key, value in one.items() if key not in _CALLS} for one in inner[1:]]
    return rows, {"module": "keras", "class_name": "Sequential", "registered_name": "Sequential",
                  "config": {"name": "behind_texts", "layers": [start, *behind]}}


def are_rows_of(kept: Sequence[str] | None, texts: Array, longest: int) -> bool:
    """Whether the sampled texts of an array are all among those of a data set.

    Args:
        kept: texts of the student's array, None where it has none.
        texts: those of the data set ``(n,)``.
        longest: characters to which the kept ones were cut.
    """
    return bool(kept) and set(kept or ()) <= {text[:longest] for text in texts.tolist()}
