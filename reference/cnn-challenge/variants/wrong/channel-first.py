"""Puts the channel first, as books for another backend do."""

LOSES = ["images-with-a-channel"]

# %% [prepare]
X_train = train_images.reshape(-1, 1, 28, 28).astype("float32") / 255
X_test = test_images.reshape(-1, 1, 28, 28).astype("float32") / 255
