"""Standardizes the test images with their own mean and deviation, out of a habit from another assignment."""

LOSES = ["test-scaled"]

# %% [prepare]
X_train = train_images.reshape(-1, 784).astype("float32") / 255
X_test = test_images.reshape(-1, 784).astype("float32")
X_test = (X_test - X_test.mean()) / X_test.std()
