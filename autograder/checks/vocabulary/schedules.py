"""Learning-rate schedules that an optimizer has to have. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.checks.outcome import Unjudged
from autograder.checks.vocabulary import keras_names, layer_values

_MODULES = ("keras.optimizers.schedules", "keras.src.optimizers.schedules", "keras.api.optimizers.schedules")


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How the learning rate changes while the optimizer makes its steps; what is not named is left open."""

    class_name: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        shown = ", ".join(f"{key.replace('_', ' ')} {layer_values.text(key, value)}"
                          for key, value in self.settings.items())
        return f"{self.class_name}({shown})" if shown else self.class_name

    def difference(self, configured: Any) -> str | None:
        """Return a serialised schedule in words where it is another one, None where it is this one.

        Raises:
            Unjudged: it is none of Keras's own.
        """
        if not isinstance(configured, Mapping):
            return f"fixed at {layer_values.text('', configured)}"
        name, module, given = (configured.get(key) for key in ("class_name", "module", "config"))
        if not str(module).startswith(_MODULES) or not isinstance(given, Mapping):
            raise Unjudged("The learning rate follows a schedule that is not one of Keras's own, so a person will look "
                           "at it.", f"the schedule is {str(name)[:80]} of {str(module)[:80]}")
        if name == self.class_name and all(layer_values.fits(key, given.get(key), value)
                                           for key, value in self.settings.items()):
            return None
        kept = {key: given[key] for key in self.settings if key in given}
        return str(Schedule(class_name=str(name)[:60], settings=kept))


def schedule(class_name: str, /, **settings: Any) -> Schedule:
    """Return the learning-rate schedule that an optimizer has to have.

        network.is_compiled_with(settings={"learning_rate": schedule("ExponentialDecay", decay_rate=0.9)})

    Args:
        class_name: Keras's name: ``CosineDecay``, ``ExponentialDecay``, ``PiecewiseConstantDecay`` …
        settings: as of Keras's class, to 0.1 %; what is not named is left open.

    Raises:
        CheckError: Keras has no such schedule or setting.
    """
    kind = keras_names.known_schedule(class_name)
    keras_names.require_settings(kind, settings, keras_names.SCHEDULES[kind])
    return Schedule(class_name=kind, settings=settings)
