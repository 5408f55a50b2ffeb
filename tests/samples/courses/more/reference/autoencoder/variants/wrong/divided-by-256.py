"""Divides by 256, the number of grey values, instead of by the largest one."""

LOSES = ["training-rows", "test-rows"]

# %% [prepare]
X_train = train_images.reshape(len(train_images), 784).astype("float32") / 256
X_test = test_images.reshape(len(test_images), 784).astype("float32") / 256
