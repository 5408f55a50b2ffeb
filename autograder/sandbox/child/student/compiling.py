"""Compiles a student's model as the job says, where the run goes on from there."""

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
        paths: the paths of all that is put into the namespace, by name.
    """

    def __init__(self, paths: Iterable[Mapping[str, str]]) -> None:
        self._wanted = {name for own in paths for name, path in own.items() if path.endswith(SUFFIX)}
        self._models: dict[str, Any] = {}

    def look(self, namespace: Mapping[str, Any]) -> None:
        """Remember the models that the wanted names hold now."""
        for name in self._wanted:
            if is_model(value := namespace.get(name)):
                self._models[name] = value

    def compile(self, namespace: dict[str, Any], name: str, path: str) -> None:
        """Put the model of this name back where it is gone (``model = model.compile(…)``), and compile it."""
        model = self._models.get(name)
        if model is None:
            return
        settings = _decode(_text(Path(path), encoding="utf-8"))
        namespace[name] = model
        _compile(model, settings)
