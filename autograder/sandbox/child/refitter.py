"""Trains a recorded model again, in a sandboxed child that holds neither holdout labels nor a student's code.

Layers, optimizer, loss and callbacks come from our own allow-lists; the data are public arrays, prepared as the
student's were. One child trains one model once; it is ended when it exceeds its time or memory.

Written to ``<scratch>/.out``: ``refit.npz`` with the array ``y`` (float32, one row per image that it is evaluated on)
and ``refit.json``: ``{"error": null | "ValueError: …", "epochs": [10]}``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts.preprocessing import Preprocessing
from autograder.sandbox.child import backend, predictor
from autograder.sandbox.child.model_cost import cost_of
from autograder.sandbox.child.rebuild import Rebuilt

_IMAGES = 5_000


def preload() -> None:
    """Import what a job needs, without computing anything; called once in the warm process."""
    predictor.preload()


def run(job: dict[str, Any], scratch: str, progress: int) -> None:
    """Train and evaluate one model.

    Args:
        job: a `RefitJob` as JSON.
        scratch: writable folder.
        progress: descriptor that takes ``{"done": true}`` at the end, or a negative number for none.
    """
    out = Path(scratch) / ".out"
    out.mkdir(mode=0o700, exist_ok=True)
    epochs: list[int] = []
    error = None
    try:
        outputs = _train_and_ask(job, epochs)
        np.savez(out / "refit.npz", y=outputs)
    except Exception as problem:
        error = f"{type(problem).__name__}: {' '.join(str(problem).split())}"[:300]
    (out / "refit.json").write_text(json.dumps({"error": error, "epochs": epochs}))
    if progress >= 0:
        os.write(progress, json.dumps({"done": True}).encode())


def _train_and_ask(job: dict[str, Any], epochs: list[int]) -> NDArray[np.float32]:
    backend.configure(int(job["limits"]["threads"]))
    import keras

    keras.utils.set_random_seed(int(job["seed"]))
    mounts = {mount["target"]: mount["source"] for mount in job["mounts"]}
    model = _built(json.loads(job["architecture"]))
    for fit in job["fits"]:
        if fit["compile"] is not None:
            model.compile(**_compiled(json.loads(fit["compile"])))
        epochs.append(_fit(model, fit, mounts))
    trained = Rebuilt(model=model, cost=cost_of(model), agrees=None, penalties=False)
    return predictor.predict(trained, predictor.prepared(job, predictor.here(job["inputs"], mounts)))


def _built(node: dict[str, Any]) -> Any:
    """Return the model of a configuration that passed our own allow-list, with weights from its initializers.

    Its cost was checked when the model that was handed in was rebuilt, which has the same layers and shapes.
    """
    import keras

    model = keras.saving.deserialize_keras_object(node, safe_mode=True)
    if not model.built:
        model.build(tuple(node["config"].get("build_input_shape") or node["build_config"]["input_shape"]))
    return model


def _fit(model: Any, fit: dict[str, Any], mounts: dict[str, str]) -> int:
    """Run one call of `fit`; return the number of epochs that it ran."""
    kept: list[Any] = []
    given: dict[str, Any] = {"validation_split": fit["validation_split"]} if fit["validation_split"] else {}
    if fit["validation"] is not None:
        given["validation_data"] = tuple(array(part, mounts) for part in fit["validation"])
    history = model.fit(
        array(fit["x"], mounts), array(fit["y"], mounts), batch_size=fit["batch_size"], epochs=fit["epochs"],
        initial_epoch=fit["initial_epoch"], shuffle=fit["shuffle"], verbose=0,
        callbacks=[_callback(made, kept) for made in fit["callbacks"]], **given)
    for take_back in kept:
        take_back(model)
    return len(history.epoch)


def array(part: dict[str, Any], mounts: dict[str, str]) -> NDArray[Any]:
    """Return one array of a training, made again from its public rows."""
    raw: NDArray[Any] = np.load(predictor.here(part["source"], mounts), mmap_mode="r", allow_pickle=False)
    stop = part["start"] + (part["count"] - 1) * part["step"] + 1
    rows = raw[part["start"] : stop : part["step"]]
    if len(rows) != part["count"]:
        raise ValueError(f"expected {part['count']} rows, the public array has {len(rows)}")
    if not part["table"]:
        prepared = Preprocessing(shape=tuple(part["shape"]), scale=tuple(part["scale"]), shift=tuple(part["shift"]))
        return prepared.apply(np.asarray(rows))
    table = np.asarray(part["table"], part["dtype"])
    made = np.empty((part["count"], *part["shape"]), table.dtype)
    for start in range(0, len(rows), _IMAGES):
        some = np.asarray(rows[start : start + _IMAGES])
        made[start : start + len(some)] = table[some].reshape(len(some), *part["shape"])
    return made


def _compiled(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of `compile`, made from names and plain settings."""
    import keras

    made = settings["optimizer"]
    options = dict(made["settings"])
    if made["schedule"] is not None:
        options["learning_rate"] = _made(keras.optimizers.schedules, made["schedule"])
    return {"optimizer": getattr(keras.optimizers, made["class"])(**options),
            "loss": _named(keras.losses, settings["loss"]),
            "metrics": [_named(keras.metrics, metric) for metric in settings["metrics"]]}


def _named(module: Any, part: Any) -> Any:
    return part if isinstance(part, str) else _made(module, part)


def _made(module: Any, part: dict[str, Any]) -> Any:
    return getattr(module, part["class"])(**part["settings"])


def _callback(made: dict[str, Any], kept: list[Any]) -> Any:
    """Return a callback; one that keeps the best weights also adds the function that restores them to ``kept``."""
    import keras

    name, settings = made["class"], made["settings"]
    if name == "LearningRateScheduler":
        rates = settings["rates"]
        return keras.callbacks.LearningRateScheduler(lambda epoch, rate: float(rates[min(epoch, len(rates) - 1)]))
    if name == "ModelCheckpoint":
        keeper, take_back = _best_weights(**settings)
        kept.append(take_back)
        return keeper
    return getattr(keras.callbacks, name)(**settings)


def _best_weights(monitor: str = "val_loss", mode: str = "auto") -> tuple[Any, Callable[[Any], None]]:
    """Return a file-less `ModelCheckpoint(save_best_only=True)`, and a function that loads the weights it kept."""
    import keras

    rises = mode == "max" or (mode == "auto" and any(word in monitor for word in ("acc", "auc", "precision", "recall")))
    best: dict[str, Any] = {"value": None, "weights": None}

    class Keeper(keras.callbacks.Callback):  # type: ignore[misc]  # keras has no types
        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            value = (logs or {}).get(monitor)
            before = best["value"]
            if value is not None and (before is None or (value > before if rises else value < before)):
                best.update(value=value, weights=self.model.get_weights())

    def take_back(model: Any) -> None:
        if best["weights"] is not None:
            model.set_weights(best["weights"])

    return Keeper(), take_back
