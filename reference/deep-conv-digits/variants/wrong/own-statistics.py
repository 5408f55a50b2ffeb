"""Standardizes each set with its own mean and deviation instead of dividing both by 255."""

LOSES = ["train-scaled", "test-scaled-alike"]

# %% [scale]
X_train = train_images.astype("float32")
X_test = test_images.astype("float32")
X_train = (X_train - X_train.mean()) / X_train.std()
X_test = (X_test - X_test.mean()) / X_test.std()
