"""Takes the mean of the labels, which is the share that leaves."""

LOSES = ["usual-answer"]

# %% [baseline]
baseline = left_test.mean()
