"""Divides whole numbers in place, which NumPy refuses: the arrays stay `uint8`, from 0 to 255."""

LOSES = ["train-scaled", "test-scaled", "pixels-float32"]

# %% [prepare]
X_train = train_images.reshape(-1, 784)
X_test = test_images.reshape(-1, 784)
X_train /= 255
X_test /= 255
