"""What calls of a hidden check require: names that Keras has, tasks, declared predictions and calls. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from typing import Any

from autograder.artifacts.values import CALLBACK_SETTINGS
from autograder.checks.source.declared import Declared
from autograder.checks.source.kinds import Kind
from autograder.checks.student import Student
from autograder.checks.vocabulary import keras_names, layers, schedules
from autograder.checks.vocabulary.callback_subjects import CallbackSubject
from autograder.checks.vocabulary.compiled_with import require_known
from autograder.checks.vocabulary.rebuilt import RebuiltModel
from autograder.errors import CheckError
from autograder.model.reconstruction import reconstruction

OF_PREDICTIONS = {"accuracy_on": 1, "score_on": 1, "loss_on": 1, "predictions_on": 1, "auc_on": 1, "mae_on": 1,
              "rmse_on": 1, "r2_on": 1, "reconstruction_on": 1, "gives_probabilities": 0}
"""Assertions about a model's answers → which argument names the prepared array."""
_NO_ROWS = ("needs rows that no student sees, and the data of this assignment have none; measure with a call of the "
            "student's function, or withhold a part of the data")
Given = Mapping[str, Any]


def problems_of_function(task: str | None, parameters: Sequence[str], declared: Declared) -> Iterator[str]:
    """Yield what is wrong with a check as a whole."""
    if task is not None and declared.tasks and task not in declared.tasks:
        yield f"the notebook has no task {task!r}; it has {', '.join(sorted(declared.tasks))}"
    if "holdout" in parameters and not declared.withheld:
        yield f"the fixture holdout {_NO_ROWS}"


def problems_of_call(
    kind: Kind | None, name: str, args: Sequence[Any], given: Given, declared: Declared,
) -> Iterator[str]:
    """Yield what is wrong with one call, as far as its constants show.

    Args:
        kind: what the method belongs to; None for a function of `autograder.checks`.
        name: of the method or function.
        args, given: constants; None for arguments that are none.
    """
    if kind is None:
        yield from _raised(lambda: _made(name, args, given)) if name in ("layer", "schedule") else ()
        return
    if kind.type is Student:
        yield from _of_student(kind, name, args, given, declared)
    if issubclass(kind.type, RebuiltModel):
        yield from _of_model(kind, name, args, given, declared)
    if name in ("used_callback", "callback"):
        text = args[0 if name == "used_callback" or len(args) == 1 else 1] if args else given.get("kind")
        if isinstance(text, str):
            yield from _raised(lambda: _callback(text, given if name == "used_callback" else {}))
    if name == "layer" and len(args) > 1 and isinstance(args[1], str):
        yield from _raised(lambda: keras_names.known_layer(args[1]))
    if name == "has_settings":
        table = keras_names.CALLBACKS if kind.type is CallbackSubject else keras_names.LAYERS
        known = table.get(kind.name or "", frozenset(CALLBACK_SETTINGS if kind.type is CallbackSubject else given))
        yield from _raised(lambda: keras_names.require_settings(kind.name or "A callback", given, known))


def _of_student(kind: Kind, name: str, args: Sequence[Any], given: Given, declared: Declared) -> Iterator[str]:
    task = args[0] if name in ("at", "figures") and args else given.get("since" if name == "fit_of" else "task")
    if name == "fit_of" and len(args) > 1:
        task = args[1]
    if isinstance(task, str) and declared.tasks and task not in declared.tasks:
        yield f"the notebook has no task {task!r}; it has {', '.join(sorted(declared.tasks))}"
    if name == "called" and args and isinstance(args[0], str) and kind.task is not None:
        known = declared.calls.get(kind.task, frozenset())
        if args[0] not in known:
            yield (f"no check of {kind.task!r} declares a call of {args[0]!r}; put it into calls=[…] of the task "
                   "marker")


def _of_model(kind: Kind, name: str, args: Sequence[Any], given: Given, declared: Declared) -> Iterator[str]:
    if name in ("contains", "layers"):
        for one in (*args, given.get("kind")):
            if isinstance(one, str):
                yield from _raised(partial(keras_names.known_layer, one))
    if name == "is_compiled_with":
        yield from _raised(lambda: require_known(given.get("loss"), given.get("optimizer"), given.get("metrics") or (),
                                                 given.get("settings") or {}))
    if name not in OF_PREDICTIONS:
        return
    place = OF_PREDICTIONS[name]
    array = args[place] if len(args) > place else given.get("prepared")
    declared_as = f'"{array}"'
    if name == "reconstruction_on" and isinstance(array, str):
        noise = given.get("noise", 0.0)
        declared_as = f'reconstruction("{array}", noise={noise})'
        array = reconstruction(array, noise) if isinstance(noise, int | float) else None
    if not declared.withheld:
        yield f"{name} {_NO_ROWS}"
    elif kind.name is not None and kind.task is not None and isinstance(array, str) and (
            (kind.name, array) not in declared.predicts.get(kind.task, frozenset())):
        yield (f"no check of {kind.task!r} declares the prediction of {kind.name!r} for {array!r}; put "
               f'predicts=[("{kind.name}", {declared_as})] into the task marker')


def _made(name: str, args: Sequence[Any], given: Given) -> None:
    """Raise where Keras has no such layer or schedule; values that are no constants are left open."""
    if args and isinstance(args[0], str) and name == "schedule":
        schedules.schedule(args[0], **dict(given))
    elif args and isinstance(args[0], str):
        kind = keras_names.known_layer(args[0])
        layers.layer(kind, **dict(given))


def _callback(name: str, settings: Given) -> None:
    """Raise where Keras's callback has no such setting; a class that students have to write may have any name."""
    if name in keras_names.CALLBACKS or get_close_matches(name, keras_names.CALLBACKS, n=1, cutoff=0.85):
        keras_names.require_settings(keras_names.known_callback(name), settings, keras_names.CALLBACKS[name])


def _raised(action: Callable[[], object]) -> Iterator[str]:
    try:
        action()
    except CheckError as error:
        yield str(error).rstrip(".")
    except (TypeError, ValueError, AttributeError):
        return  # a value of a kind that only the run knows
