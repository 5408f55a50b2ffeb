"""Standardizes both sets with statistics over training and test images together: the test set has leaked."""

LOSES = ["train-scaled", "test-scaled"]

# %% [prepare]
everything = np.concatenate([train_images, test_images]).astype("float32")
mean, deviation = everything.mean(), everything.std()
X_train = ((train_images - mean) / deviation).reshape(-1, 784).astype("float32")
X_test = ((test_images - mean) / deviation).reshape(-1, 784).astype("float32")
