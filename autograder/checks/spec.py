"""From a hidden pytest function and its marker to a `CheckSpec`, and the order in which checks run. Pure.

    @pytest.mark.task("relu-fit", points=2, basis="measured", needs=["relu-model"], minimum=True,
                      predicts=[("relu_model", "X_test")])
    def test_relu_accuracy(student, reference, holdout):
        \"\"\"The ReLU model recognises most digits it has never seen.\"\"\"

The id of this check is ``relu-accuracy``; the docstring's first sentence is what the student reads.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from autograder.checks.calls import calls_by_task
from autograder.errors import CheckError
from autograder.model import Call, CheckSpec
from autograder.model.call import MAX_CALLS

KEYWORDS = ("points", "basis", "needs", "minimum", "predicts", "calls")
_SENTENCE = re.compile(r"(.+?[.!?])(?=\s|$)", re.DOTALL)


def check_id(function: str) -> str:
    """Return the id of a check from its function's name: ``test_relu_fit`` → ``relu-fit``."""
    return function.removeprefix("test_").replace("_", "-")


def first_sentence(docstring: str) -> str:
    """Return the first sentence of a docstring on one line."""
    text = " ".join(inspect.cleandoc(docstring).split("\n\n")[0].split())
    match = _SENTENCE.match(text)
    return match[1] if match else text


def read_spec(function: str, docstring: str | None, args: Sequence[Any], kwargs: Mapping[str, Any]) -> CheckSpec:
    """Return the spec of one check from its function's name, docstring and the arguments of its ``task`` marker.

    Raises:
        CheckError: no docstring, or a marker that does not read ``task("id", points=…, basis=…)``.
    """
    if not docstring or not docstring.strip():
        raise CheckError(f"{function} needs a docstring: its first sentence is what the student reads.")
    unknown = sorted(set(kwargs) - set(KEYWORDS))
    if unknown:
        raise CheckError(f"{function}: its task marker accepts {', '.join(KEYWORDS)}, not {unknown[0]!r}; rename it.")
    if len(args) != 1 or not isinstance(args[0], str):
        raise CheckError(
            f'{function}: its marker has to name one task, as in @pytest.mark.task("reshape", points=1, …).'
        )
    missing = [key for key in ("points", "basis") if key not in kwargs]
    if missing:
        raise CheckError(f"{function}: its task marker lacks {' and '.join(missing)}; add it.")
    fields = dict(kwargs)
    fields["needs"] = tuple(check_id(need) for need in _strings(function, "needs", kwargs.get("needs", ())))
    fields["predicts"] = _lists_as_tuples(kwargs.get("predicts", ()))
    fields["calls"] = _calls(function, kwargs.get("calls", ()))
    try:
        return CheckSpec(id=check_id(function), task=args[0], title=first_sentence(docstring), **fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise CheckError(f"{function}: {place} of its task marker is wrong: {first['msg']}.") from None


def _lists_as_tuples(value: Any) -> Any:
    """Return lists as tuples, recursively; the model's validation refuses anything else."""
    return tuple(map(_lists_as_tuples, value)) if isinstance(value, (list, tuple)) else value


def _calls(function: str, value: object) -> tuple[Call, ...]:
    if isinstance(value, (list, tuple)) and all(isinstance(item, Call) for item in value):
        return tuple(value)
    raise CheckError(f"{function}: calls of its task marker has to be a list of call(…), not {value!r}."[:300])


def _strings(function: str, key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise CheckError(f"{function}: {key} of its task marker has to be a list of check ids, not {value!r}.")


def ordered(specs: Sequence[CheckSpec]) -> tuple[CheckSpec, ...]:
    """Return the checks so that each comes after what it needs, otherwise in the order of the file.

    Raises:
        CheckError: two checks share an id, one needs an unknown check, or the needs form a cycle.
    """
    known: dict[str, CheckSpec] = {}
    for spec in specs:
        if spec.id in known:
            raise CheckError(f"Two checks are called {spec.id!r}; give each hidden test function its own name.")
        known[spec.id] = spec
    for spec in specs:
        for need in spec.needs:
            if need not in known:
                raise CheckError(f"Check {spec.id!r} needs {need!r}, which does not exist; known: {', '.join(known)}.")
    for task, calls in calls_by_task(specs).items():
        if len(calls) > MAX_CALLS:
            raise CheckError(f"The checks of {task!r} request {len(calls)} calls; at most {MAX_CALLS} are made per "
                             "task, so take some out.")
    done: dict[str, CheckSpec] = {}

    def visit(spec: CheckSpec, path: tuple[str, ...]) -> None:
        if spec.id in path:
            raise CheckError(
                f"Checks need each other in a cycle: {' → '.join((*path[path.index(spec.id) :], spec.id))}."
            )
        if spec.id not in done:
            for need in spec.needs:
                visit(known[need], (*path, spec.id))
            done[spec.id] = spec

    for spec in specs:
        visit(spec, ())
    return tuple(done.values())
