"""A call of a student's function with the grader's arguments: plain data, executed in the child."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from pydantic import Field

from autograder.model.base import Value

MAX_NUMBERS = 20_000
"""Most numbers of one array that is passed to a call, or returned whole."""
LONGEST = 120
"""Characters of a list that is written out in a call's text."""
MAX_CALLS = 50
"""Most calls at one task."""
MAX_WHOLES = 400
"""Most arrays that the calls of one task return whole."""
Node = dict[str, Any]


class Call(Value):
    """One call. Each argument is a node, a JSON object with a ``kind``:

    ``{"kind": "plain", "value": 3}`` (None, booleans, numbers, strings), ``{"kind": "float", "value": "nan"}``,
    ``{"kind": "list"|"tuple", "items": [node, …]}``, ``{"kind": "array", "dtype", "shape", "data": base64}``,
    ``{"kind": "dict", "items": [[node, node], …]}``, ``{"kind": "bunch", "items": {name: node}}``,
    ``{"kind": "keras", "path": "optimizers.SGD", "settings": {name: node}}``,
    ``{"kind": "student", "name": "X_train"}``, with ``"fresh": true`` for a model's layers alone.
    """

    function: str
    args: tuple[Node, ...] = ()
    kwargs: dict[str, Node] = Field(default_factory=dict)

    @property
    def key(self) -> str:
        """Identifies the call: equal calls have equal keys, whatever the order of their keywords."""
        return call_key(self.model_dump(mode="json"))

    @property
    def text(self) -> str:
        """The call as written in code: ``create_DNN(input_shape=(300,), num_classes=4)``."""
        parts = [*map(node_text, self.args), *(f"{name}={node_text(node)}" for name, node in self.kwargs.items())]
        return f"{self.function}({', '.join(parts)})"


def call_key(fields: Node) -> str:
    """Return the key of a call from its JSON fields."""
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:24]


def node_text(node: Node) -> str:
    """Return an argument as written in code; of an array only its shape, of a long list only how many items it has."""
    match node["kind"]:
        case "list":
            inner = ", ".join(map(node_text, node["items"]))
            return f"[{inner}]" if len(inner) <= LONGEST else f"list of {len(node['items'])} items"
        case "tuple":
            inner = ", ".join(map(node_text, node["items"]))
            return f"({inner},)" if len(node["items"]) == 1 else f"({inner})"
        case "dict":
            return f"{{{', '.join(f'{node_text(key)}: {node_text(item)}' for key, item in node['items'])}}}"
        case "bunch":
            return f"Bunch({', '.join(f'{name}={node_text(item)}' for name, item in node['items'].items())})"
        case "array":
            return f"array of shape {tuple(node['shape'])}"
        case "keras":
            settings = ", ".join(f"{name}={node_text(value)}" for name, value in node["settings"].items())
            return f"keras.{node['path']}({settings})"
        case "student":
            return str(node["name"])
        case "float":
            return str(node["value"])
    return repr(node["value"])


def packed(data: bytes) -> str:
    """Return the bytes of an array in the encoding of a node."""
    return base64.b64encode(data).decode("ascii")
