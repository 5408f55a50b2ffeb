"""The numbers and facts in a released notebook: filled into ``{{ name }}`` in its locked text."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autograder.checks import metric_name
from autograder.course import DEFAULT_DATA, OWN, Assignment, Lock
from autograder.errors import ReleaseError
from autograder.installed import EVERYWHERE
from autograder.model import DEFAULT_BACKEND, Calibration, CheckSpec, Reference
from autograder.pipeline.session.required_packages import required_imports

PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z][\w.-]*)\s*\}\}")
_EMPTY_LINE = re.compile(rf"(?m)^{PLACEHOLDER.pattern}\n\n?")
"""A placeholder that is a paragraph of its own: where its text is empty, no blank lines are left."""
MINIMUM = "minimum."
MAXIMUM = "maximum."
NOT_CALIBRATED = "not yet calibrated"
_UNKNOWN = "The reference does not have {names} yet; run `autograder calibrate` and release again."
NO_MINIMUM = "no minimum"
STAND_IN = "stand-in"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Texts by placeholder name, and warnings for the instructor."""

    values: dict[str, str]
    warnings: tuple[str, ...] = ()


def assignment_facts(settings: Assignment, notebook: Mapping[str, Any], lock: Lock | None = None) -> dict[str, str]:
    """Return the facts from course.yml and the notebook's points.

    Args:
        lock: of the packages that the course requires; None: it requires none.
    """
    lock = lock or Lock(pins={})
    automatic, manual = points(notebook)
    limits = settings.limits
    return {
        "title": settings.title,
        "deadline": _deadline(settings.due),
        "late_rule": settings.late.sentence if settings.late else "No rule is set; ask your instructor.",
        "attempts": _attempts(settings),
        "ai_rule": settings.ai_rule or "No rule is set; ask your instructor.",
        "cell_seconds": f"{limits.cell_seconds:g}",
        "notebook_seconds": f"{limits.notebook_seconds:g}",
        "time_limit": f"{limits.notebook_seconds:g}",
        "memory_mib": str(limits.memory_mib),
        "packages": ", ".join(dict.fromkeys([*EVERYWHERE, *required_imports(tuple(lock.wanted))])),
        "requirements": _install_line(lock),
        "points": f"{automatic + manual:g}",
        "automatic_points": f"{automatic:g}",
        "written_points": f"{manual:g}",
    }


def _install_line(lock: Lock) -> str:
    """Return how students install the packages of the course, in the versions of the grader; empty without any."""
    asked = [f"{name}=={version}" for name, version in lock.wanted.items()]
    return f"Where you work, install first: `%pip install {' '.join(asked)}`." if asked else ""


def _attempts(settings: Assignment) -> str:
    """Return how many attempts there are and which counts; a number alone means that the last one counts."""
    which = {"latest": "the last one counts", "best": "the best one counts",
             "latest_on_time": "the last one on time counts"}[settings.counts]
    if settings.attempts is None:
        return f"any number; {which}"
    return str(settings.attempts) if settings.counts == "latest" else f"{settings.attempts}; {which}"


def points(notebook: Mapping[str, Any]) -> tuple[float, float]:
    """Return the points of test cells and of written answers."""
    automatic = manual = 0.0
    for cell in notebook["cells"]:
        metadata = cell["metadata"].get("nbgrader", {})
        if metadata.get("grade") and metadata.get("solution"):
            manual += metadata.get("points", 0)
        elif metadata.get("grade"):
            automatic += metadata.get("points", 0)
    return automatic, manual


def minimum_metrics(specs: Iterable[CheckSpec]) -> dict[str, str]:
    """Return, per placeholder, the metric that it shows: check ``relu-accuracy`` is ``minimum.relu_accuracy``."""
    return {MINIMUM + spec.id.replace("-", "_"): metric_name(spec.task, model)
            for spec in specs if spec.minimum for model, _ in spec.predicts[:1]}


def bound_facts(
    reference: Reference | None, names: set[str], metrics: Mapping[str, str], bounded: Iterable[str] = (),
    *, data: str = DEFAULT_DATA, device: str = "cpu",
) -> Facts:
    """Return the texts of ``minimum.…`` and ``maximum.…``, by check (see `minimum_metrics`) and by a metric's own name.

    Args:
        reference: only what applies to the backend in use (`Reference.of_backend`).
        names: the placeholders that the notebook uses.
        bounded: ids of the checks with a calibrated bound; a bound that the calibration does not have yet is shown as
            such.
        data: the data set of the assignment.
        device: the one that grades; where either may, both have the same bounds.

    Calibrations on the real data are used; without one those on the stand-in, with a warning.
    """
    if not names:
        return Facts(values={})
    calibration, warning = _calibration(reference, data, device)
    if calibration is None:
        return Facts(values=dict.fromkeys(names, NOT_CALIBRATED), warnings=(warning,))
    values: dict[str, str] = {}
    # A check that measures its own number is about that one, although the accuracy of the same model is known too.
    measuring = {spread.check.replace("-", "_") for spread in calibration.metrics.values() if spread.check}
    for metric, spread in calibration.metrics.items():
        by_check = [name for placeholder, one in metrics.items() if one == metric
                    and (name := placeholder.removeprefix(MINIMUM)) not in measuring]
        own = [spread.check.replace("-", "_")] if spread.check else []
        for name in (metric, metric.replace("-", "_"), *by_check, *own):
            # A check may compare two numbers with bounds, one with a minimum and one with a maximum: both are shown.
            if spread.maximum is None:
                values[MINIMUM + name] = _minimum(spread.minimum)
            else:
                values[MAXIMUM + name] = _maximum(spread.maximum)
    new = {kind + check.replace("-", "_") for check in bounded for kind in (MINIMUM, MAXIMUM)
           if not {kind + check.replace("-", "_") for kind in (MINIMUM, MAXIMUM)} & values.keys()}
    if new & names:
        warning = " ".join(filter(None, (warning, _UNKNOWN.format(names=", ".join(sorted(new & names))))))
    return Facts(values=values | dict.fromkeys(new, NOT_CALIBRATED), warnings=(warning,) if warning else ())


def between_facts(names: Iterable[str], values: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of ``between.a.b``: the number halfway between two minimums, rounded up like these."""
    found = {}
    for name in names:
        match name.split("."):
            case ["between", low, high] if MINIMUM + low in values and MINIMUM + high in values:
                try:
                    found[name] = _minimum((float(values[MINIMUM + low]) + float(values[MINIMUM + high])) / 2)
                except ValueError:  # one of them is not calibrated yet, or there is none: its own text says so
                    found[name] = NOT_CALIBRATED
    return found


def _calibration(reference: Reference | None, data: str, device: str) -> tuple[Calibration | None, str]:
    for name in (data, OWN, STAND_IN):
        found = reference.calibration(name, device, DEFAULT_BACKEND) if reference else None
        if found is not None:
            return found, "" if name != STAND_IN else (
                f"The bounds in the text come from {name}/{device}, because the reference has no "
                f"{data}/{device}; calibrate on real data before students get this release.")
    return None, ("The bounds are not calibrated yet, and the text says so; run `autograder calibrate` "
                  "and release again before students get this release.")


def _minimum(value: float | None) -> str:
    """Round up: a student who reaches the number in the text must not fail."""
    return NO_MINIMUM if value is None else f"{math.ceil(round(value * 1000, 6)) / 1000:.3f}"


def _maximum(value: float) -> str:
    """A maximum was rounded to three digits when it was calibrated: the text shows exactly that number."""
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def _deadline(due: datetime | None) -> str:
    if due is None:
        return "none"
    return f"{due:%Y-%m-%d %H:%M}" + (f" ({due.tzname()})" if due.tzinfo else "")


def placeholders(notebook: Mapping[str, Any]) -> set[str]:
    """Return the names of all placeholders in the locked text."""
    return {match[1] for cell in _locked_text(notebook) for match in PLACEHOLDER.finditer(cell["source"])}


def fill(notebook: dict[str, Any], values: Mapping[str, str]) -> None:
    """Fill all placeholders in place.

    Raises:
        ReleaseError: an unknown placeholder; the message has the nearest known name.
    """
    for cell in _locked_text(notebook):
        text = _EMPTY_LINE.sub(lambda match: match[0] if _value(match[1], values) else "", cell["source"])
        cell["source"] = PLACEHOLDER.sub(lambda match: _value(match[1], values), text)


def _value(name: str, values: Mapping[str, str]) -> str:
    if name in values:
        return values[name]
    near = difflib.get_close_matches(name, list(values), n=1, cutoff=0.0)
    raise ReleaseError(
        f"The notebook's text has the placeholder {{{{ {name} }}}}, which is unknown; "
        + (f"the nearest name is {{{{ {near[0]} }}}}." if near else "remove it.")
    )


def _locked_text(notebook: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the cells with placeholders, not answers, code or raw cells: braces mean something else there."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and not cell["metadata"].get("nbgrader", {}).get("solution"):
            yield cell
