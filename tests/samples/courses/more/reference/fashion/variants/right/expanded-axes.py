"""Adds the axis with `expand_dims`, and keeps float64."""

# %% [prepare]
X_train = np.expand_dims(train_images / 255.0, axis=-1)
X_test = np.expand_dims(test_images / 255.0, axis=-1)
