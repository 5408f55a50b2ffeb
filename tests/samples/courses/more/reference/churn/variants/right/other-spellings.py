"""Takes loss, optimizer and metric as objects, computes the share in Python, and sorts negative probabilities."""

# %% [baseline]
baseline = 1 - sum(left_test) / len(left_test)

# %% [compile]
model.compile(keras.optimizers.Adam(), keras.losses.BinaryCrossentropy(), metrics=[keras.metrics.AUC(), "accuracy"])

# %% [riskiest]
def riskiest(probabilities, count):
    order = sorted(range(len(probabilities)), key=lambda place: -probabilities[place])
    return order[:count]
