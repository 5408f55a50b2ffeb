"""The answer in two cells, with prints and one cell more in front."""

# %% [scale] before
print("first look", train_images.shape)

# %% [scale]
X_train = train_images[:1000].reshape(-1, 784).astype("float32")
X_test = test_images[:500].reshape(-1, 784).astype("float32")

# %% [scale]
X_train /= 255
X_test /= 255
