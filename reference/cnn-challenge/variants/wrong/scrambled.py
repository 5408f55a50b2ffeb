"""Reshapes with the images last and moves that axis to the front: every image becomes a mixture of many."""

LOSES = ["train-scaled", "test-scaled"]

# %% [prepare]
X_train = train_images.reshape(28, 28, 1, -1).transpose(3, 0, 1, 2).astype("float32") / 255
X_test = test_images.reshape(28, 28, 1, -1).transpose(3, 0, 1, 2).astype("float32") / 255
