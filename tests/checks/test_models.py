"""Assertions about models: structure, compile settings and the accuracy that the grader measures."""

from __future__ import annotations

import json

import numpy as np
import pytest

from autograder.checks import (
    CheckFailed,
    Prediction,
    Proof,
    Unjudged,
    batch_normalization,
    conv2d,
    dense,
    dropout,
    flatten,
    layer,
    max_pooling2d,
)
from autograder.checks.vocabulary.layers import difference
from autograder.errors import CheckError
from autograder.model import Basis

MLP = [dense(512, "relu"), dense(512, "relu"), dense(10, "softmax")]
COMPILED = {"optimizer": {"class": "SGD", "config": {"learning_rate": 0.01}}, "loss": "categorical_crossentropy",
            "metrics": ["accuracy"]}


@pytest.fixture
def model(craft, tiny):
    """Return a function that gives the subject for one crafted model."""
    def make(layers, **settings):
        craft.model(1, layers, **settings)
        craft.checkpoint("t", {"model": craft.net(1)})
        return craft.student(tiny, "t").model("model")

    return make


@pytest.fixture
def mlp(craft):
    return [craft.dense(512, "relu"), craft.dense(512, "relu"), craft.dense(10, "softmax")]


class TestStructure:
    def test_the_right_model_passes(self, model, mlp):
        subject = model(mlp)
        subject.has_layers(MLP).has_parameter_count(669_706).has_input_shape((784,)).has_output_shape(10)
        assert subject.evidence.weakest is Basis.MEASURED

    def test_an_activation_layer_counts_as_an_argument(self, model, craft):
        def activation(name):
            return {"module": "keras.layers", "class_name": "Activation", "registered_name": None,
                    "config": {"name": f"{name}_layer", "activation": name}}

        model([craft.dense(512, "linear"), activation("relu"), craft.dense(512, "relu"), craft.dense(10, "linear"),
               activation("softmax")]).has_layers(MLP)

    def test_another_number_of_units(self, model, craft, said):
        layers = [craft.dense(500, "relu"), craft.dense(512, "relu"), craft.dense(10, "softmax")]
        message = said(lambda: model(layers).has_layers(MLP))
        assert message.startswith("Layer 1 of `model` has 500 units. | Dense(512, relu) → ")

    def test_layers_are_compared_row_by_row_with_what_the_sentence_says(self, model, craft):
        layers = [craft.dense(500, "relu"), craft.dense(500, "tanh"), craft.dense(10, "softmax"), craft.dropout(0.5)]
        required = [layer("Dense", units=512), layer("Dense", units=512), layer("Dense", units=10)]
        with pytest.raises(CheckFailed) as caught:
            model(layers).has_layers(required)
        error = caught.value
        assert [(row.seen, row.expected, row.differs) for row in error.layers] == [
            ("Dense(500, relu)", "Dense(512)", True), ("Dense(500, tanh)", "Dense(512)", True),
            ("Dense(10, softmax)", "Dense(10)", False), ("Dropout(rate 0.5)", None, True)]
        # A table never says more of what is required than the sentence does.
        assert [row.expected for row in error.layers if row.expected] == error.expected.split(" → ")

    def test_one_mistake_has_one_mark_in_every_model(self, model, craft):
        def marks(action):
            with pytest.raises(CheckFailed) as caught:
                action()
            return set(caught.value.marks)

        wrong = [craft.dense(500, "relu"), craft.dense(10, "softmax")]
        layers = marks(lambda: model(wrong).has_layers([dense(512, "relu"), dense(10, "softmax")]))
        craft.lines.clear()
        number = marks(lambda: model(wrong).has_parameter_count(1_000))
        craft.lines.clear()
        other = marks(lambda: model(wrong).has_layers([dense(500, "tanh"), dense(10, "softmax")]))
        assert layers & number and not other & (layers | number), "an activation changes no number of parameters"

    def test_another_activation(self, model, craft, said):
        layers = [craft.dense(512, "sigmoid"), craft.dense(512, "relu"), craft.dense(10, "softmax")]
        assert "Layer 1 of `model` has activation sigmoid." in said(lambda: model(layers).has_layers(MLP))

    def test_a_forgotten_activation(self, model, craft, said):
        layers = [craft.dense(512, "linear"), craft.dense(512, "relu"), craft.dense(10, "softmax")]
        assert "Without `activation` a layer is linear" in said(lambda: model(layers).has_layers(MLP))

    def test_layers_added_twice(self, model, mlp, said):
        message = said(lambda: model(mlp + mlp).has_layers(MLP))
        assert "has 6 layers" in message
        assert "create the model in the same cell" in message

    def test_a_missing_layer(self, model, mlp, said):
        assert "Layer 2 of `model` is Dense(10, softmax)" in said(
            lambda: model([mlp[0], mlp[2]]).has_layers([dense(512, "relu"), dropout(0.2), dense(10, "softmax")]))

    def test_dropout_rate(self, model, craft, said):
        wanted = [dense(8, "relu"), dropout(0.2), dense(10, "softmax")]
        model([craft.dense(8, "relu"), craft.dropout(0.2), craft.dense(10, "softmax")]).has_layers(wanted)
        craft.lines.clear()
        assert "has rate 0.5" in said(lambda: model(
            [craft.dense(8, "relu"), craft.dropout(0.5), craft.dense(10, "softmax")]).has_layers(wanted))

    def test_open_settings_are_not_compared(self, model, mlp):
        model(mlp).has_layers([layer("Dense", units=512), layer("Dense"), layer("Dense", activation="softmax")])

    def test_parameters(self, model, craft, said):
        message = said(lambda: model([craft.dense(10, "softmax")]).has_parameter_count(669_706))
        assert message.startswith("`model` has 7,850 parameters. | 669,706 parameters.")

    def test_shapes(self, model, mlp, said):
        assert "One input of `model` has shape (784,)" in said(lambda: model(mlp).has_input_shape(28, 28))
        assert "One output of `model` has shape (10,)" in said(lambda: model(mlp).has_output_shape(1))

    def test_a_model_that_was_not_built(self, craft, tiny, said):
        (craft.folder / "model-1-1.json").write_text(
            '{"model": 1, "version": 1, "built": false, "class": "Sequential", "architecture": {"layers": []}}')
        np.savez(craft.folder / "weights-1-1.npz")
        craft.checkpoint("t", {"model": craft.net(1)})
        student = craft.student(tiny, "t")
        for action in (lambda: student.model("model").has_layers(MLP),
                       lambda: student.model("model").has_parameter_count(1)):
            assert "has no weights yet" in said(action)

    @pytest.mark.parametrize("built", [False, True])
    def test_a_class_of_its_own_without_layers_that_can_be_read_is_withheld(self, craft, tiny, built):
        """It has shapes and weights with its first batch, and no configuration that says more: nothing is missing."""
        (craft.folder / "model-1-1.json").write_text(json.dumps(
            {"model": 1, "version": 1, "built": built, "class": "Net", "architecture": {}, "input_shape": None}))
        np.savez(craft.folder / "weights-1-1.npz")
        craft.checkpoint("t", {"model": craft.net(1)})
        student = craft.student(tiny, "t")
        for action in (lambda: student.model("model").has_layers(MLP),
                       lambda: student.model("model").has_parameter_count(1),
                       lambda: student.model("model").has_at_most_parameters(1),
                       lambda: student.model("model").has_input_shape(784),
                       lambda: student.model("model").has_output_shape(10)):
            with pytest.raises(Unjudged) as caught:
                action()
            assert caught.value.staff_note

    def test_a_model_beyond_the_grader_is_withheld(self, model):
        foreign = {"module": "builtins", "class_name": "MyLayer", "registered_name": "MyLayer", "config": {"name": "m"}}
        with pytest.raises(Unjudged) as caught:
            model([foreign]).has_layers(MLP)
        assert caught.value.staff_note

    def test_weights_that_were_not_recorded_are_withheld(self, craft, tiny, mlp):
        craft.model(1, mlp)
        (craft.folder / "weights-1-1.npz").unlink()
        craft.checkpoint("t", {"model": craft.net(1)})
        with pytest.raises(Unjudged):
            craft.student(tiny, "t").model("model").has_parameter_count(669_706)

    def test_layers_read_well(self):
        assert [str(item) for item in (conv2d(8, 3, "relu"), max_pooling2d(), flatten(), dropout(0.25))] == [
            "Conv2D(8, kernel size (3, 3), relu)", "MaxPooling2D(pool size (2, 2))", "Flatten", "Dropout(rate 0.25)"]

    @pytest.mark.parametrize(("value", "words"), [
        ({"kind": "history", "model": 1, "fit": 1, "history": {}}, "history in the model's place"),
        (None, "return None"), (3, "the number 3"), ([], "a list of 0 items"),
    ])
    def test_something_else_under_the_models_name(self, craft, tiny, said, value, words):
        craft.checkpoint("t", {"model": value})
        assert words in said(lambda: craft.student(tiny, "t").model("model"))


class TestCompiled:
    WANTED = {"loss": "categorical_crossentropy", "optimizer": "sgd", "metrics": ["accuracy"]}  # noqa: RUF012  (read only)

    @pytest.mark.parametrize("metric", ["accuracy", "acc", "categorical_accuracy"])
    def test_right_settings_pass(self, model, mlp, metric):
        subject = model(mlp, compiled=COMPILED | {"metrics": [metric]})
        subject.is_compiled_with(**self.WANTED, settings={"learning_rate": 0.01})
        assert subject.evidence.claims == ("is_compiled_with",)

    @pytest.mark.parametrize(("change", "words"), [
        ({"loss": "sparse_categorical_crossentropy"}, "The sparse form is for labels that are class numbers"),
        ({"loss": "mean_squared_error"}, "loss mean_squared_error"),
        ({"loss": "binary_crossentropy"}, "yes-or-no labels"),
        ({"optimizer": {"class": "Adam", "config": {}}}, "optimizer adam"),
        ({"optimizer": {"class": "RMSprop", "config": {}}}, "Without the argument Keras takes rmsprop"),
        ({"metrics": []}, "watches nothing"),
        ({"metrics": []}, "a third argument of `compile` is `loss_weights`"),
        ({"metrics": ["mae"]}, "Metrics accuracy"),
        ({"metrics": [{"class_name": "Accuracy", "config": {"name": "accuracy"}}]}, "Metrics accuracy"),
    ])
    def test_mistakes_are_named(self, model, mlp, said, change, words):
        assert words in said(lambda: model(mlp, compiled=COMPILED | change).is_compiled_with(**self.WANTED))

    def test_another_learning_rate(self, model, mlp, said):
        compiled = COMPILED | {"optimizer": {"class": "SGD", "config": {"learning_rate": 0.1}}}
        assert "has learning_rate 0.1" in said(
            lambda: model(mlp, compiled=compiled).is_compiled_with(settings={"learning_rate": 0.01}))

    def test_metrics_given_as_text_are_the_checks_fault(self, model, mlp):
        with pytest.raises(CheckError):
            model(mlp, compiled=COMPILED).is_compiled_with(metrics="accuracy")

    def test_logits_and_softmax_at_once(self, model, mlp, said):
        loss = {"module": "keras.losses", "class_name": "CategoricalCrossentropy", "registered_name": None,
                "config": {"name": "categorical_crossentropy", "from_logits": True}}
        assert "leave out `from_logits=True`" in said(
            lambda: model(mlp, compiled=COMPILED | {"loss": loss}).is_compiled_with(**self.WANTED))

    def test_not_compiled(self, model, mlp, said):
        assert "is not compiled" in said(lambda: model(mlp).is_compiled_with(**self.WANTED))


class TestAccuracy:
    @pytest.fixture
    def judge(self, craft, tiny, reference_file, mlp, tmp_path):
        """Return the accuracy subject for a model with the given outputs."""
        def make(outputs, *, prepared=None, unjudged=None, task="fit"):
            craft.model(1, mlp)
            images = tiny.test_images.reshape(len(tiny.test_images), -1) / 255
            craft.checkpoint(task, {"model": craft.net(1), "X": images if prepared is None else prepared})
            path = tmp_path / "outputs.npz"
            if outputs is not None:
                np.savez(path, y=outputs)
            predictions = (Prediction(task=task, model="model", array="X", unjudged=unjudged,
                                      outputs=None if outputs is None else path),)
            student = craft.student(tiny, task, reference_file, predictions=predictions)
            case = student._case
            return student.model("model").accuracy_on(case.holdout, "X"), case.reference

        return make

    def test_a_good_model_passes(self, judge, tiny):
        accuracy, reference = judge(tiny.outputs(0.75))
        assert (accuracy.test, accuracy.withheld) == (0.75, 0.75)
        accuracy.reaches_minimum(reference).at_least(0.75)
        assert accuracy.evidence.weakest is Basis.MEASURED

    def test_a_weak_model_gets_the_minimum_and_the_band(self, judge, tiny, said):
        accuracy, reference = judge(tiny.outputs(0.61))
        assert said(lambda: accuracy.reaches_minimum(reference)).startswith(
            "Accuracy 0.61 of `model`, measured by us. | At least 0.70 (correct runs: 0.72–0.77). | Check the scaling")

    def test_a_model_just_below_does_not_get_the_minimum_as_its_accuracy(self, judge, tiny, said):
        accuracy, _ = judge(tiny.outputs(0.75))
        assert "Accuracy 0.7500" in said(lambda: accuracy.at_least(0.7501))

    def test_a_constant_model(self, judge, tiny, said):
        accuracy, _ = judge(np.eye(10, dtype="float32")[np.zeros(200, int)])
        assert "the same answer for every row" in said(lambda: accuracy.at_least(0.7))

    def test_a_model_that_knows_the_test_set_by_heart_gains_nothing(self, judge, tiny, said):
        outputs = np.concatenate([tiny.outputs(1.0)[:100], tiny.outputs(0.6)[100:]])
        accuracy, _ = judge(outputs)
        assert "trained on the test set?" in said(lambda: accuracy.at_least(0.7))

    def test_predictions_of_nan(self, judge, said):
        assert "answers NaN" in said(lambda: judge(np.full((200, 10), np.nan, "float32")))

    def test_too_few_outputs(self, judge, said):
        assert "outputs of shape (3,)" in said(lambda: judge(np.zeros((200, 3), "float32")))

    def test_nan_in_the_images_is_the_students_own(self, judge, said):
        assert "`X` contains NaN" in said(lambda: judge(None, prepared=np.full((200, 784), np.nan)))

    def test_images_of_another_shape_than_the_model_takes(self, judge, tiny, said):
        assert "One row of `X` has shape (28, 28), one input of `model` (784,)" in said(
            lambda: judge(None, prepared=tiny.test_images))

    def test_what_cannot_be_rebuilt_is_withheld(self, judge):
        with pytest.raises(Unjudged) as caught:
            judge(None, unjudged="the probe disagrees")
        assert caught.value.staff_note == "the probe disagrees"

    def test_an_undeclared_prediction_is_the_checks_fault(self, craft, tiny, mlp):
        craft.model(1, mlp)
        craft.checkpoint("t", {"model": craft.net(1), "X": np.zeros((9, 784))})
        student = craft.student(tiny, "t")
        with pytest.raises(CheckError, match="predicts="):
            student.model("model").accuracy_on(student._case.holdout, "X")

    def test_probabilities(self, craft, tiny, mlp, tmp_path, said):
        craft.model(1, mlp)
        craft.checkpoint("t", {"model": craft.net(1), "X": np.zeros((9, 784))})
        path = tmp_path / "y.npy"
        request = {"predictions": (Prediction(task="t", model="model", array="X", outputs=path),)}
        np.save(path, np.full((200, 10), 0.1, "float32"))
        craft.student(tiny, "t", **request).model("model").gives_probabilities("X")
        np.save(path, np.full((200, 10), 0.5, "float32"))
        assert "do not sum to 1" in said(
            lambda: craft.student(tiny, "t", **request).model("model").gives_probabilities("X"))


class TestReference:
    def test_what_is_known(self, craft, tiny, reference_file):
        craft.checkpoint("t", {})
        reference = craft.student(tiny, "t", reference_file)._case.reference
        assert reference.minimum("fit/model").value == 0.7
        assert reference.band("fit/model") == (0.72, 0.77)
        assert reference.fact("answer") == 42
        for wrong in (lambda: reference.minimum("no/such"), lambda: reference.minimum("fit/chance"),
                      lambda: reference.band("no/such"), lambda: reference.fact("none")):
            with pytest.raises(CheckError):
                wrong()

    def test_without_a_calibration_nothing_is_judged(self, craft, tiny):
        craft.checkpoint("t", {})
        with pytest.raises(Unjudged):
            craft.student(tiny, "t")._case.reference.minimum("fit/model")


class TestOpenTasks:
    @pytest.fixture
    def regular(self, craft):
        layers = [craft.dense(8, "relu"), craft.dropout(0.5), craft.dense(10, "softmax")]
        layers[0]["config"]["kernel_regularizer"] = {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.01}}
        return layers

    def test_contains(self, model, regular, said):
        subject = model(regular).contains("Dropout").contains(dropout(0.5), dense(8, "relu"), "Dense")
        assert "no layer Dropout(rate 0.2): Dropout(rate 0.5)." in said(lambda: subject.contains(dropout(0.2)))
        assert "no layer BatchNormalization. | At least one" in said(lambda: subject.contains("BatchNormalization"))

    def test_regularizer(self, model, craft, regular, mlp, said):
        model(regular).has_regularizer().has_regularizer("L2")
        assert "A kernel regularizer: L1." in said(lambda: model(regular).has_regularizer("L1"))
        regular[0]["config"]["kernel_regularizer"]["config"]["l2"] = 0.0
        for layers in (regular, mlp):
            craft.lines.clear()
            assert "penalises its weights" in said(model(layers).has_regularizer)

    def test_budget(self, model, mlp, said):
        model(mlp).has_at_most_parameters(669_706)
        assert "has 669,706 parameters. | At most 669,705" in said(lambda: model(mlp).has_at_most_parameters(669_705))

    def test_another_architecture(self, craft, tiny, mlp, said):
        named = [craft.dense(512, "relu"), craft.dense(512, "relu"), craft.dense(10, "softmax")]
        named[0]["config"]["name"] = "another_name"
        for number, layers in enumerate((mlp, named, mlp[1:]), start=1):
            craft.model(number, layers)
        craft.checkpoint("t", {"one": craft.net(1), "same": craft.net(2), "small": craft.net(3)})
        student = craft.student(tiny, "t")
        one = student.model("one").differs_in_layers_from(student.model("small"))
        assert "has the same layers as `same`" in said(lambda: one.differs_in_layers_from(student.model("same")))

    def test_settings_that_are_left_open(self, model, craft):
        step = {"module": "keras.layers", "class_name": "Conv2D", "registered_name": None, "config": {
            "name": "c", "filters": 8, "kernel_size": [3, 3], "padding": "same", "strides": [1, 1],
            "activation": "relu"}}
        normal = {"module": "keras.layers", "class_name": "BatchNormalization", "registered_name": None,
                  "config": {"name": "b"}}
        record = model([step, normal, craft.dense(10, "softmax")]).record
        chain = [conv2d(8, 3, None), batch_normalization(), dense(10, None)]
        assert [difference(seen, wanted) for seen, wanted in zip(record.steps, chain, strict=True)] == [None] * 3
        assert difference(record.steps[0], conv2d(8, 3, "relu", padding="valid")) == ("has padding same", None)
        assert difference(record.steps[0], layer("Conv2D", strides=(2, 2))) == ("has strides (1, 1)", None)

    def test_layers_for_a_checks_own_questions(self, model, mlp, craft, said):
        network = model([*mlp[:2], craft.dropout(0.5), mlp[2]])
        assert [step.units for step in network.layers("Dense")] == [512, 512, 10]
        assert [step.class_name for step in network.layers()] == ["Dense", "Dense", "Dropout", "Dense"]
        assert network.evidence.weakest is Basis.MEASURED
        assert "has no layer Conv2D" in said(lambda: network.layers("Conv2D"))

    def test_the_same_layers_as_another_model(self, craft, tiny, mlp, said):
        named = [craft.dense(512, "relu"), craft.dense(512, "relu"), craft.dense(10, "softmax")]
        named[0]["config"]["name"] = "another_name"
        for number, layers in enumerate((mlp, named, [mlp[0], craft.dropout(0.5), mlp[2]]), start=1):
            craft.model(number, layers)
        craft.checkpoint("t", {"one": craft.net(1), "same": craft.net(2), "other": craft.net(3)})
        student = craft.student(tiny, "t")
        one = student.model("one").has_same_layers_as(student.model("same"))
        assert said(lambda: one.has_same_layers_as(student.model("other"), "Call the function.")) == (
            "The layers of `one` are Dense 512 relu → Dense 512 relu → Dense 10 softmax. | "
            "Those of `other`: Dense 512 relu → Dropout 0.5 → Dense 10 softmax. | Call the function.")


class TestProof:
    """What a model is called counts only where the rebuilt one was proven; nothing else passes and nothing fails."""

    ACTIONS = (lambda s: s.has_layers(MLP), lambda s: s.has_parameter_count(669_706),
               lambda s: s.has_at_most_parameters(700_000), lambda s: s.contains("Dense"), lambda s: s.layers("Dense"),
               lambda s: s.has_input_shape(784), lambda s: s.has_output_shape(10), lambda s: s.has_regularizer(),
               lambda s: s.differs_in_layers_from(s), lambda s: s.has_same_layers_as(s))

    @pytest.mark.parametrize("action", ACTIONS)
    @pytest.mark.parametrize("proofs", [(), (Proof(model=1, version=1, doubt="it answers otherwise"),),
                                        (Proof(model=1, version=2, penalties=True),)])
    def test_an_unproven_model_is_withheld(self, craft, tiny, mlp, action, proofs):
        craft.model(1, mlp)
        craft.checkpoint("t", {"model": craft.net(1)})
        with pytest.raises(Unjudged) as caught:
            action(craft.student(tiny, "t", proofs=proofs).model("model"))
        assert caught.value.staff_note

    def test_penalties_have_a_proof_of_their_own(self, craft, tiny, mlp):
        mlp[0]["config"]["kernel_regularizer"] = {"class_name": "L2", "config": {"l2": 0.01}}
        craft.model(1, mlp)
        craft.checkpoint("t", {"model": craft.net(1)})
        craft.student(tiny, "t").model("model").has_regularizer("L2")
        subject = craft.student(tiny, "t", proofs=(Proof(model=1, version=1),)).model("model").has_layers(MLP)
        with pytest.raises(Unjudged):
            subject.has_regularizer("L2")
        with pytest.raises(Unjudged):
            subject.contains(layer("Dense", regularizer="L2"))

    def test_how_weights_began_is_a_claim(self, model, mlp):
        mlp[0]["config"]["kernel_initializer"] = {"class_name": "HeNormal", "config": {}}
        subject = model(mlp).contains(layer("Dense", initializer="HeNormal"))
        assert subject.evidence.weakest is Basis.CLAIMED

    def test_numbers_in_the_configuration_count_for_a_budget(self, model, mlp, craft, said):
        scaled = {"module": "keras.layers", "class_name": "Rescaling", "registered_name": None,
                  "config": {"name": "r", "scale": [0.5] * 784, "offset": 0.0}}
        subject = model([scaled, *mlp])
        assert subject.record.total_parameters == 669_706 + 785
        subject.has_at_most_parameters(670_491)
        message = said(lambda: subject.has_at_most_parameters(670_490))
        assert message.startswith("`model` has 669,706 parameters and stores 785 more numbers in its configuration.")
        with pytest.raises(Unjudged, match="785 numbers outside its weights"):
            subject.has_parameter_count(669_706)

    def test_what_compile_was_given_has_to_be_keras_own(self, model, mlp):
        subject = model(mlp, compiled={**COMPILED, "foreign": ["loss", "junk", 3]})
        subject.is_compiled_with(optimizer="sgd", metrics=["accuracy"])
        with pytest.raises(Unjudged, match="loss of `model` only has the name"):
            subject.is_compiled_with(loss="categorical_crossentropy")


def test_a_compile_that_stopped_at_the_optimizer_costs_the_optimizer_alone(craft, tiny, said):
    craft.model(1, [craft.dense(10, "softmax")])
    craft.checkpoint("compile", {"net": craft.net(1)})
    craft.checkpoint("later", {"net": craft.net(1)})
    given = {"compile": {"net": {"loss": "mse", "metrics": ["acc"]}}}
    found = craft.student(tiny, "compile", written=given).model("net")
    found.is_compiled_with(loss="mean_squared_error", metrics=["accuracy"])
    assert "compiled with loss mean_squared_error" in said(lambda: found.is_compiled_with(loss="hinge"))
    assert "is not compiled" in said(lambda: found.is_compiled_with(optimizer="adam"))
    assert "is not compiled" in said(lambda: found.is_compiled_with(settings={"learning_rate": 0.1}))
    later = craft.student(tiny, "later", written=given).model("net")
    assert "is not compiled" in said(lambda: later.is_compiled_with(loss="mean_squared_error"))


@pytest.mark.parametrize("written", [
    {}, {"other": {"loss": "mse", "metrics": ["acc"]}}, {"net": {"metrics": ["acc"]}}, {"net": {"loss": "mse"}}])
def test_what_is_not_text_in_a_compile_that_was_not_reached_stays_unknown(craft, tiny, said, written):
    craft.model(1, [craft.dense(10, "softmax")])
    craft.checkpoint("compile", {"net": craft.net(1)})
    found = craft.student(tiny, "compile", written={"compile": written}).model("net")
    message = said(lambda: found.is_compiled_with(loss="mean_squared_error", metrics=["accuracy"]))
    assert message.startswith("`net` is not compiled.")
