"""What a check may require of a layer's initializers and weight penalties, and whether the student's fit. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.artifacts import LayerSpec
from autograder.checks.vocabulary.subject import as_float, number_text
from autograder.errors import CheckError

_IGNORED = frozenset({"seed", "input_axes", "output_axes", "dtype"})
"""Settings of an initializer that do not change from which distribution it draws."""
_SCALED: Mapping[str, tuple[float, str, str]] = {
    "glorotuniform": (1.0, "fan_avg", "uniform"), "glorotnormal": (1.0, "fan_avg", "truncated_normal"),
    "xavieruniform": (1.0, "fan_avg", "uniform"), "xaviernormal": (1.0, "fan_avg", "truncated_normal"),
    "heuniform": (2.0, "fan_in", "uniform"), "henormal": (2.0, "fan_in", "truncated_normal"),
    "lecununiform": (1.0, "fan_in", "uniform"), "lecunnormal": (1.0, "fan_in", "truncated_normal"),
}
"""Initializers that are `VarianceScaling` with this scale, mode and distribution."""
_ALIASES = {"normal": "randomnormal", "uniform": "randomuniform", "zero": "zeros", "one": "ones",
            "identityinitializer": "identity"}
_PENALTIES = ("l1", "l2", "l1l2")
_STRENGTH = 0.01
"""Of a regularizer of Keras's that is named without a strength."""


@dataclass(frozen=True, kw_only=True)
class Initializer:
    """From which distribution the starting weights are drawn; settings that are not named are left open."""

    class_name: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        shown = ", ".join(f"{key} {_text(value)}" for key, value in self.settings.items())
        return f"{self.class_name}({shown})" if shown else self.class_name

    def fits(self, configured: Any) -> bool:
        """Whether a serialised initializer is this one, by whichever of its names it was made."""
        seen, given = _read(configured)
        name, wanted = _canonical(self.class_name, self.settings)
        own, found = _canonical(seen, given)
        return name == own and all(_equal(found.get(key), value) for key, value in wanted.items())


@dataclass(frozen=True, kw_only=True)
class Regularizer:
    """Strengths of a weight penalty; None leaves one open."""

    l1: float | None = None
    l2: float | None = None

    def __str__(self) -> str:
        return _strengths(self.l1, self.l2) or "any weight penalty"

    def fits(self, configured: Any) -> bool:
        """Whether a serialised regularizer has these strengths."""
        seen = strengths(configured)
        if seen is None:
            return self.l1 is None and self.l2 is None
        return all(wanted is None or math.isclose(wanted, own, rel_tol=1e-3, abs_tol=1e-12)
                   for wanted, own in zip((self.l1, self.l2), seen, strict=True))


def initializer(class_name: str, /, **settings: Any) -> Initializer:
    """Return the initializer that a layer has to have: ``initializer("RandomNormal", stddev=0.01)``.

        network.contains(layer("Dense", initializer=initializer("RandomNormal", stddev=0.01)))

    Equal distributions are equal: ``HeNormal``, ``he_normal`` and ``VarianceScaling`` with a scale of 2, for example.
    Starting weights are a claim, since a trained model no longer shows them.

    Args:
        class_name: Keras's name, as a class or in snake case.
        settings: as of Keras's class, to 0.1 %; what is not named is left open, and a seed does not matter.
    """
    return Initializer(class_name=class_name, settings=settings)


def regularizer(*, l1: float | None = None, l2: float | None = None) -> Regularizer:
    """Return the weight penalty that a layer has to have: ``layer("Dense", regularizer=regularizer(l2=0.01))``.

    ``"l2"``, ``L2(0.01)`` and ``L1L2(l2=0.01)`` are equal. The strengths are measured, with weights that the grader
    draws.

    Args:
        l1, l2: strengths, to 0.1 %; 0 for none, None leaves one open.

    Raises:
        CheckError: neither is named.
    """
    if l1 is None and l2 is None:
        raise CheckError("regularizer() needs l1=… or l2=…; write regularizer=\"L2\" for one of any strength.")
    return Regularizer(l1=l1, l2=l2)


def strengths(configured: Any) -> tuple[float, float] | None:
    """Return how strongly a serialised regularizer penalises absolute and squared weights; 0 for none, None for one of
    another kind.
    """
    if configured is None:
        return 0.0, 0.0
    name, given = _read(configured)
    kind = _plain(name)
    if kind not in _PENALTIES:
        return None
    found = [as_float(given.get(key)) for key in ("l1", "l2")]
    if isinstance(configured, str):
        found = [_STRENGTH if key in kind else 0.0 for key in ("l1", "l2")]
    return found[0] or 0.0, found[1] or 0.0


def penalty_kind(configured: Any) -> str | None:
    """Return ``L1``, ``L2`` or ``L1L2``, another class's name, or None for no penalty or one whose strengths are 0."""
    seen = strengths(configured)
    if seen is None:
        return _read(configured)[0]
    return "".join(kind for kind, value in zip(("L1", "L2"), seen, strict=True) if value) or None


def is_penalised(layer: LayerSpec) -> bool:
    """Whether a layer adds something to the loss: a penalty of its kernel, bias or outputs that is not 0."""
    given = [value for key, value in layer.config.items() if key.endswith("_regularizer")]
    if layer.class_name == "ActivityRegularization":
        given.append({"class_name": "L1L2", "config": layer.config})
    return any(strengths(value) != (0.0, 0.0) for value in given)


def initializer_text(configured: Any) -> str:
    """Return a serialised initializer as code: ``RandomNormal(mean 0, stddev 0.05)``."""
    name, given = _read(configured)
    plain = {key: value for key, value in given.items() if key not in _IGNORED and value is not None}
    return str(Initializer(class_name=name[:40] or "none", settings=plain))[:120]


def regularizer_text(configured: Any) -> str:
    """Return a serialised regularizer in words: ``l2 0.01``."""
    seen = strengths(configured)
    if seen is None:
        return _read(configured)[0][:40]
    return _strengths(*seen) or "nothing"


def _read(configured: Any) -> tuple[str, Mapping[str, Any]]:
    if isinstance(configured, str):
        return configured, {}
    name = configured.get("class_name") if isinstance(configured, dict) else None
    given = configured.get("config") if isinstance(configured, dict) else None
    return (name if isinstance(name, str) else ""), (given if isinstance(given, dict) else {})


def _canonical(name: str, given: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return an initializer by the most general name of its distribution."""
    plain = _plain(name)
    plain = _ALIASES.get(plain, plain)
    kept = {key: value for key, value in given.items() if key not in _IGNORED}
    if plain in _SCALED:
        return "variancescaling", dict(zip(("scale", "mode", "distribution"), _SCALED[plain], strict=True))
    if plain in ("zeros", "ones"):
        return "constant", {"value": 0.0 if plain == "zeros" else 1.0}
    return plain, kept


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _equal(seen: Any, wanted: Any) -> bool:
    numbers = as_float(seen), as_float(wanted)
    if numbers[0] is not None and numbers[1] is not None:
        return math.isclose(numbers[0], numbers[1], rel_tol=1e-3, abs_tol=1e-12)
    return bool(seen == wanted)


def _strengths(l1: float | None, l2: float | None) -> str:
    shown = [f"{key} {number_text(value)}" for key, value in (("l1", l1), ("l2", l2)) if value]
    return " and ".join(shown)


def _text(value: Any) -> str:
    return number_text(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)[:40]
