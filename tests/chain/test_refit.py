"""Trainings repeated for real: what agrees, what contradicts its record, and what cannot be trained again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.model import Refit, Result, Status

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=2)]
NETWORK = '''
model = keras.Sequential(
    [keras.Input(shape=(784,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10, activation="softmax")]
)
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
'''
FIT = 'history = model.fit(X_train, Y_train, batch_size=32, epochs=2, verbose=0)\n'
HOME = '''
home = keras.models.clone_model(model)
home.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
images = np.concatenate([train_images[:20000], test_images[:5000]]).reshape(25000, 784).astype("float32") / 255
home.fit(images, np.concatenate([train_labels[:20000], test_labels[:5000]]), batch_size=64, epochs=8, verbose=0)
'''


def fitted(text: str, network: str = NETWORK) -> str:
    """Return the text of a submission with this answer to the task `fit`."""
    return f'"""Made here."""\n# %% [fit]\n{network}{text}'


AGREE = {
    "honest": fitted(FIT),
    "functional": fitted(FIT, '''
inputs = keras.Input(shape=(784,))
hidden = keras.layers.Dense(32, activation="relu", kernel_initializer=keras.initializers.HeNormal(seed=3))(inputs)
model = keras.Model(inputs, keras.layers.Dense(10, activation="softmax", kernel_regularizer="l2")(hidden))
model.compile(loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
              optimizer=keras.optimizers.RMSprop(0.002), metrics=[keras.metrics.CategoricalAccuracy(name="right")])
'''),
    "early-stopping": fitted('''
stop = keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=1, restore_best_weights=True, min_delta=0.01)
history = model.fit(X_train, Y_train, batch_size=32, epochs=30, validation_data=(X_test, Y_test), callbacks=[stop],
                    verbose=0)
'''),
    "subset": fitted("history = model.fit(X_train[:600], Y_train[:600], epochs=4, verbose=0)\n"),
    "tail": fitted('''
X_own, Y_own = X_train[:800], Y_train[:800]
history = model.fit(X_own, Y_own, epochs=3, verbose=0, validation_data=(X_train[800:], Y_train[800:]))
'''),
    "split": fitted("history = model.fit(X_train, Y_train, epochs=3, verbose=0, validation_split=0.2, "
                    "shuffle=False)\n"),
    "several-fits": fitted(FIT * 2),
    "numbers-as-labels": fitted(
        "history = model.fit(X_train, train_labels[:1000], epochs=2, verbose=0)\n",
        NETWORK.replace('"categorical_crossentropy"', '"sparse_categorical_crossentropy"')),
    "standardized-by-pixel": '''"""Made here."""
# %% [scale]
X_train = train_images[:1000].reshape(1000, 784).astype("float32")
X_test = test_images[:500].reshape(500, 784).astype("float32")
mean, deviation = X_train.mean(axis=0), X_train.std(axis=0) + 10
X_train, X_test = (X_train - mean) / deviation, (X_test - mean) / deviation
''',
    "lower-rates": fitted('''
slower = keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=1, min_delta=0.3)
falling = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.002 * 0.8 ** epoch)
history = model.fit(X_train, Y_train, batch_size=32, epochs=4, verbose=0, callbacks=[slower])
model.fit(X_train, Y_train, batch_size=32, epochs=2, verbose=0, callbacks=[falling])
'''),
    "best-weights": fitted('''
path = "best.weights.h5"
keep = keras.callbacks.ModelCheckpoint(path, monitor="val_loss", save_best_only=True, save_weights_only=True)
history = model.fit(X_train, Y_train, epochs=6, verbose=0, validation_data=(X_test, Y_test), callbacks=[keep])
model.load_weights(path)
'''),
}
CONTRADICT = {
    "weights-pasted": fitted(FIT + HOME + "model.set_weights(home.get_weights())\n"),
    "began-with-weights": fitted(HOME + "model.set_weights(home.get_weights())\n" + FIT,
                                 NETWORK.replace('"adam"', "keras.optimizers.Adam(1e-5)")),
}
IMPOSSIBLE = {
    "callback-of-that-name": (fitted(HOME + '''
class EarlyStopping(keras.callbacks.Callback):
    monitor, patience = "loss", 5
    def on_train_end(self, logs=None):
        self.model.set_weights(home.get_weights())
history = model.fit(X_train, Y_train, batch_size=32, epochs=2, verbose=0, callbacks=[EarlyStopping()])
'''), "The callback “own EarlyStopping” is not one of Keras's own"),
    "never-trained-so-long": (fitted('''
class EarlyStopping(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        self.model.stop_training = True
    def on_train_end(self, logs=None):
        self.model.optimizer.iterations.assign(320)
history = model.fit(X_train, Y_train, batch_size=32, epochs=10, verbose=0, callbacks=[EarlyStopping()])
history.history = {"loss": [1 - 0.09 * k for k in range(10)], "accuracy": [0.1 * k for k in range(10)]}
'''), "The callback “own EarlyStopping” is not one of Keras's own"),
    "own-callback": (fitted('''
class Mine(keras.callbacks.Callback):
    pass
history = model.fit(X_train, Y_train, batch_size=32, epochs=2, verbose=0, callbacks=[Mine()])
'''), "The callback “Mine” is not one of Keras's own"),
    "tf-data": (fitted('''
import tensorflow as tf
history = model.fit(tf.data.Dataset.from_tensor_slices((X_train, Y_train)).batch(32), epochs=2, verbose=0)
'''), "data that was not recorded (tf.data.Dataset)"),
    "train-on-batch": (fitted(FIT + '''
for start in range(0, 1000, 100):
    model.train_on_batch(X_train[start:start + 100], Y_train[start:start + 100])
'''), "trained in ways that were not recorded, such as `train_on_batch`"),
    "no-fit": (fitted('''
for start in range(0, 1000, 50):
    model.train_on_batch(X_train[start:start + 50], Y_train[start:start + 50])
history = None
'''), "No call of `fit` on it was recorded."),
    "shuffled": (fitted('''
order = np.random.permutation(1000)
history = model.fit(X_train[order], Y_train[order], batch_size=32, epochs=2, verbose=0)
'''), "trained on images that were stored under no name"),
    "other-labels": (fitted("history = model.fit(X_train, np.roll(Y_train, 1, axis=0), epochs=2, verbose=0)\n"),
                     "labels that are not those of its images"),
    "class-weights": (fitted(FIT.replace("verbose=0", "verbose=0, class_weight={0: 2.0, 1: 1.0}")),
                      "`fit` was called with `class_weight`"),
    "own-optimizer": (fitted(FIT, '''
class Mine(keras.optimizers.SGD):
    pass
''' + NETWORK.replace('"adam"', "Mine(0.1)")), "The optimizer “Mine” is not one"),
    "own-initializer": (fitted(FIT, '''
class Kept(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None):
        return keras.random.normal(shape, stddev=0.05)
    def get_config(self):
        return {}
''' + NETWORK.replace("Dense(32,", "Dense(32, kernel_initializer=Kept(),")), "The initializer “Kept” is not one"),
}


@pytest.fixture(scope="module")
def again(shared_classroom: Any) -> dict[str, Any]:
    """All of them graded, and every training repeated by the command line: students → what it printed."""
    settings = shared_classroom.root / "course.yml"  # time enough on a busy machine
    settings.write_text(settings.read_text().replace("cell_time: 20 s", "cell_time: 200 s")
                        .replace("notebook_time: 60 s", "notebook_time: 600 s"))
    # The seeds of the repetitions follow from it: two epochs on 1,000 images spread widely.
    (shared_classroom.root / ".cache" / "sampling-secret").write_text("5e" * 32)
    texts = {**AGREE, **CONTRADICT, **{name: text for name, (text, _) in IMPOSSIBLE.items()}}
    shared_classroom.hand_in({name: shared_classroom.made_of(text) for name, text in texts.items()})
    before = shared_classroom.grade()
    run = shared_classroom.command("refit", "mini", "--all", "--stand-in", "--json", "--no-gradebook")
    assert run.returncode == 0, run.stderr
    found = {entry["student"]: entry for entry in json.loads(run.stdout)}
    assert set(found) == set(texts)
    return {"found": found, "before": before, "room": shared_classroom}


@pytest.mark.parametrize("name", AGREE)
def test_honest_work_agrees_with_its_repetition(again: Any, name: str) -> None:
    entry, after = again["found"][name], again["room"].result(name)
    assert entry["verdict"] == "agrees", entry["sentence"]
    assert len(entry["values"]) == 2 and len(set(entry["seeds"])) == 2 and min(entry["values"]) > 0.5, entry
    assert after.score == again["before"][name].score and not after.staff_flags


@pytest.mark.parametrize("name", CONTRADICT)
def test_weights_from_elsewhere_and_forged_records_are_flagged_for_staff(again: Any, name: str) -> None:
    before, after = again["before"][name], again["room"].result(name)
    entry: Refit = after.refits[0]
    assert entry.verdict == "above", entry.sentence
    assert entry.sentence in after.staff_flags and "trained again: 0." in entry.sentence, after.staff_flags
    assert "handed in: " in entry.sentence
    measured = [check for task in after.tasks for check in task.checks if check.basis == "measured"]
    assert measured == [check for task in before.tasks for check in task.checks if check.basis == "measured"]
    claimed = [check for task in after.tasks for check in task.checks if check.basis == "claimed"]
    assert claimed and all(check.status is not Status.PASSED and not check.earned for check in claimed)
    earned = [check.points for task in before.tasks for check in task.checks
              if check.basis == "claimed" and (check.status is Status.PASSED or check.status.withheld)]
    assert earned and after.withheld == sum(earned) and not after.complete


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_trained_again_says_why_and_costs_nothing(again: Any, name: str) -> None:
    entry, after, before = again["found"][name], again["room"].result(name), again["before"][name]
    assert entry["verdict"] == "impossible" and IMPOSSIBLE[name][1] in entry["why"], entry
    assert "could not be trained again: " in entry["sentence"]
    assert (after.score, after.withheld) == (before.score, before.withheld)


def test_a_contradiction_is_seen_while_grading_without_being_asked(again: Any) -> None:
    """Weights that `fit` has not left are a reason of their own, and so is an accuracy above all correct runs."""
    entry = again["before"]["weights-pasted"].refits[0]
    assert set(entry.reasons) >= {"disagrees", "above"} and entry.contradicts
    assert not again["before"]["honest"].refits


def test_staff_see_it_and_students_do_not(again: Any) -> None:
    room = again["room"]
    run = room.command("feedback", "mini")
    assert run.returncode == 0, run.stderr
    run = room.command("report", "mini", "--no-likeness")
    assert run.returncode == 0, run.stderr
    overview = room.workspace.class_report("mini").read_text()
    page = room.workspace.feedback("weights-pasted", "mini").read_text()
    assert "trained again: 0." in overview and "could not be trained again" in overview
    assert "trained again" not in page.lower() and "handed in: " not in page.lower()


def test_nothing_is_trained_twice_and_a_regrade_keeps_it(again: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder.sandbox import WarmPool

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr(WarmPool, "run_refit", forbidden)
    room = again["room"]
    checks = room.workspace.hidden("mini") / "test_mini.py"
    checks.write_text(checks.read_text() + "\n# judged again\n")
    kept: dict[str, Result] = {name: room.result(name) for name in ("honest", "weights-pasted", "own-callback")}
    judged = room.grade(students=tuple(kept))
    forced = room.grade(students=tuple(kept), force=True)
    for name, before in kept.items():
        for after in (judged[name], forced[name]):
            assert [entry.sentence for entry in after.refits] == [entry.sentence for entry in before.refits]
            assert (after.score, after.withheld, after.staff_flags) == (
                before.score, before.withheld, before.staff_flags)


def test_each_setting_has_its_effect(again: Any) -> None:
    room, settings = again["room"], again["room"].root / "course.yml"
    before = settings.read_text()

    def outcome(rule: str, student: str) -> tuple[Result, Refit]:
        settings.write_text(before.replace("refit: {share: 0}", f"refit: {{{rule}}}"))
        run = room.command("refit", "mini", "--student", student, "--stand-in", "--no-gradebook")
        assert run.returncode == 0, run.stderr
        return room.result(student), room.result(student).refits[0]

    wide, entry = outcome("share: 0, margin: 0.9", "weights-pasted")
    assert entry.verdict == "agrees" and entry.allowed > 0.9 and wide.withheld == 0 and not wide.staff_flags
    narrow, entry = outcome("share: 0", "weights-pasted")
    assert entry.verdict == "above" and narrow.withheld == 2.0
    _, entry = outcome("share: 0", "honest")
    assert "drawn" not in entry.reasons and len(entry.values) == 2
    _, entry = outcome("share: 1, seeds: 3", "honest")
    assert "drawn" in entry.reasons and len(entry.values) == len(entry.seeds) == 3
    settings.write_text(before)


def test_a_changed_work_is_trained_again(again: Any) -> None:
    """Only what its fingerprint names is kept: another training of the same student is none of it."""
    room = again["room"]
    old = room.result("subset").refits[0]
    room.hand_in({"subset": room.made_of(fitted("history = model.fit(X_train[:500], Y_train[:500], epochs=4)\n"))})
    assert room.grade(students=("subset",))["subset"].refits == ()
    run = room.command("refit", "mini", "--all", "--students", "subset", "--stand-in", "--no-gradebook")
    assert run.returncode == 0 and "subset: fit/model trained again: 0." in run.stderr, run.stderr
    assert room.result("subset").refits[0].fingerprint != old.fingerprint
