"""Compiles a student's model with the job's settings, in runs that continue from correct results."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from keras import Model

from autograder.sandbox.child.student.model_book import is_model

SUFFIX = ".json"
_compile = Model.compile_from_config
_decode = json.JSONDecoder().decode
_text = Path.read_text


class Compiler:
    """Remembers the models that will be compiled, since a mistake in ``compile`` can lose the name of one.

    Args:
        paths: the files of all values that are inserted into the namespace, by name.
    """

    def __init__(self, paths: Iterable[Mapping[str, str]]) -> None:
        self._wanted = {name for own in paths for name, path in own.items() if path.endswith(SUFFIX)}
        self._models: dict[str, Any] = {}

    def look(self, namespace: Mapping[str, Any]) -> None:
        """Remember the models that currently have these names."""
        for name in self._wanted:
            if is_model(value := namespace.get(name)):
                self._models[name] = value

    def compile(self, namespace: dict[str, Any], name: str, path: str) -> None:
        """Restore the model of this name if it was lost (``model = model.compile(…)``), and compile it."""
        model = self._models.get(name)
        if model is None:
            return
        settings = _decode(_text(Path(path), encoding="utf-8"))
        namespace[name] = model
        _compile(model, settings)
