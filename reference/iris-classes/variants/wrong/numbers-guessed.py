"""Forgets the biases, and divides by all 150 flowers, although a fifth is kept aside."""

LOSES = ["parameters-per-flower"]

# %% [count-parameters]
parameters_per_flower = round((4 * 1000 + 1000 * 500 + 500 * 70 + 70 * 3) / 150)
