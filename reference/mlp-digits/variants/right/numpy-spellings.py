"""Prepares the data with other NumPy spellings, other helper names and everything divided by 255 on the way."""

# %% [reshape]
pixels = 28 * 28
X_train = np.reshape(train_images, (len(train_images), pixels))
X_test = test_images.reshape(-1, pixels)

# %% [subset]
few, fewer = 6_000, 5_000
X_train, y_train = X_train[:few, :], train_labels[0:few]
X_test, y_test = X_test[:fewer, :], test_labels[0:fewer]

# %% [cast]
X_train = X_train.astype(np.float32) / 255
X_test = np.array(X_test, dtype=np.float32) / 255

# %% [standardize]
mu, sigma = np.mean(X_train), np.std(X_train)
X_train -= mu
X_train /= sigma
X_test -= mu
X_test /= sigma

# %% [one-hot]
Y_train = np.eye(10)[y_train]
Y_test = (y_test[:, None] == np.arange(10)).astype("float32")

# %% [count-parameters]
weights, biases = pixels * 512, 512
first_layer_parameters = float(weights + biases)

# %% [updates]
updates_per_epoch = int(np.ceil(few / 128))
