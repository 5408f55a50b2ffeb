"""Counts the weights and forgets the biases."""

LOSES = ["hidden-parameters", "output-parameters"]

# %% [count]
hidden_parameters = 784 * 10
output_parameters = 10 * 10
