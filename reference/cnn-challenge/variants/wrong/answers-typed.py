"""Types the published accuracy and a digit instead of asking the network."""

LOSES = ["guided-evaluation", "guided-prediction"]

# %% [guided-evaluate]
guided_accuracy = 0.98
guided_digit = 1
