"""Counts the weights of the first layer and forgets its biases."""

LOSES = ["first-layer-parameters"]

# %% [count-parameters]
first_layer_parameters = 784 * 400
