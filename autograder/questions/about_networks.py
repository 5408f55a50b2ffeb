"""Questions about a network itself: they have the same answer in every run. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.questions.evidence import LayerFact, NetworkFact
from autograder.questions.question import Number, Question
from autograder.questions.question_words import Names, ordinal

SHARE_TOLERANCE = 1.0
"""Percentage points."""
ZEROS_TOLERANCE = 1.0
"""Units: half a unit cannot be zero."""


def second_layers(networks: Sequence[NetworkFact], names: Names) -> Iterator[Question]:
    """How many parameters the second layer with weights has."""
    for network in networks:
        weighted = [(place, layer) for place, layer in enumerate(network.layers, 1)
                    if layer.inputs is not None and layer.parameters]
        if len(weighted) < 2:
            continue
        place, layer = weighted[1]
        yield Question(
            kind="layer-parameters", group="network", task=names.task(network.task),
            text=f"Of the dense and convolutional layers of {names.network(network)}, the second one is {layer.words}. "
                 "How many parameters does it have?",
            answer=Number(value=layer.parameters),
            how=f"{_worked_out(layer)}. Row {place} of `{network.name}.summary()` shows it.")


def _worked_out(layer: LayerFact) -> str:
    count, what = (layer.units, "units") if layer.units is not None else (layer.filters, "filters")
    bias = " + 1 bias" if layer.bias else ""
    return f"{count:,} {what} × ({layer.inputs:,} inputs{bias}) = {layer.parameters:,}"


def largest_layers(networks: Sequence[NetworkFact], names: Names) -> Iterator[Question]:
    """Which share of all parameters the largest layer has."""
    for network in networks:
        counts = sorted((layer.parameters for layer in network.layers if layer.parameters), reverse=True)
        if len(counts) < 2 or counts[0] == counts[1]:
            continue
        place, layer = next((place, layer) for place, layer in enumerate(network.layers, 1)
                            if layer.parameters == counts[0])
        share = 100 * counts[0] / network.total
        yield Question(
            kind="largest-layer", group="network", task=names.task(network.task),
            text=f"Which layer of {names.network(network)} has the most parameters, and what percentage of all its "
                 "parameters is that? Give the percentage.",
            answer=Number(value=round(share, 2), tolerance=SHARE_TOLERANCE),
            how=f"Layer {place}, {layer.words}: {counts[0]:,} of {network.total:,} parameters = {share:.1f} %. "
                f"`{network.name}.summary()` shows both numbers.")


def flatten_sizes(networks: Sequence[NetworkFact], names: Names) -> Iterator[Question]:
    """How many numbers a flatten layer passes on."""
    for network in networks:
        for place, layer in enumerate(network.layers):
            before = network.layers[place - 1].output if place else network.input
            if layer.kind != "Flatten" or layer.output is None or before is None or len(before) < 2:
                continue
            yield Question(
                kind="flatten-size", group="network", task=names.task(network.task),
                text=f"How many numbers does the flatten layer of {names.network(network)} pass on to the next layer "
                     "for each example?",
                answer=Number(value=layer.output[0]),
                how=f"It gets {_shape(before)} numbers: {' × '.join(f'{side:,}' for side in before)} = "
                    f"{layer.output[0]:,}. The output shape in row {place + 1} of `{network.name}.summary()`.")
            break


def map_sizes(networks: Sequence[NetworkFact], names: Names) -> Iterator[Question]:
    """How high the maps after the last pooling or convolution are."""
    for network in networks:
        last = [(place, layer) for place, layer in enumerate(network.layers, 1)
                if layer.window and layer.output is not None and len(layer.output) == 3]
        if not last:
            continue
        place, layer = last[-1]
        assert layer.output is not None  # noqa: S101 - as filtered above
        if layer.output[0] != layer.output[1]:
            continue
        yield Question(
            kind="map-size", group="network", task=names.task(network.task),
            text=f"An image passes through {names.network(network)}. How many rows do the maps have after the "
                 f"{ordinal(place)} layer, {layer.words}?",
            answer=Number(value=layer.output[0]),
            how=f"Follow the shapes layer by layer: after layer {place} they are {_shape(layer.output)}. The output "
                f"shape in row {place} of `{network.name}.summary()`.")


def dropped_units(networks: Sequence[NetworkFact], names: Names) -> Iterator[Question]:
    """How many numbers the first dropout layer sets to zero."""
    for network in networks:
        for layer in network.layers:
            if layer.kind != "Dropout" or not layer.rate or not 0 < layer.rate < 1:
                continue
            if layer.output is None or len(layer.output) != 1:
                break
            zeros = layer.rate * layer.output[0]
            yield Question(
                kind="dropout", group="network", task=names.task(network.task),
                text=f"The first dropout layer of {names.network(network)} gets {layer.output[0]:,} numbers for each "
                     "example. How many of them does it set to zero in a training step, on average?",
                answer=Number(value=round(zeros, 4), tolerance=ZEROS_TOLERANCE),
                how=f"Its rate is {layer.rate:g}, in the cell that builds the network: {layer.rate:g} × "
                    f"{layer.output[0]:,} = {zeros:.6g}. A good follow-up: and when the network predicts? None.")
            break


def learning_rates(networks: Sequence[NetworkFact], names: Names) -> Iterator[Question]:
    """With which learning rate a network was compiled."""
    for network in networks:
        rate = network.learning_rate
        if rate is None or network.optimizer is None or not 0 < rate < 1000:
            continue
        yield Question(
            kind="learning-rate", group="training", task=names.task(network.task),
            text=f"With which learning rate did `{network.optimizer}` begin to train {names.network(network)}?",
            answer=Number(value=rate, tolerance=rate / 100),
            how=f"In the line that compiles it, or Keras's default where it names none: "
                f"`{network.name}.optimizer.learning_rate`.")


def _shape(sides: tuple[int, ...]) -> str:
    return "(" + ", ".join(map(str, sides)) + ("," if len(sides) == 1 else "") + ")"
