"""Gives the metric as `Accuracy()`, which compares probabilities with labels for equality, and counts by hand instead."""

LOSES = ["metric"]

# %% [compile]
model.compile(
    loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(), metrics=[keras.metrics.Accuracy()]
)

# %% [accuracy]
recognised = model.predict(X_test, verbose=0).argmax(axis=1) == test_labels
test_accuracy = round(float(recognised.mean()), 2)
