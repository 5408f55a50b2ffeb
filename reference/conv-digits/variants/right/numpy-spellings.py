"""Adds the channel, encodes the labels and counts in other ways."""

# %% [reshape]
X_train = train_images[..., np.newaxis]
X_test = np.expand_dims(test_images, axis=-1)

# %% [one-hot]
Y_train, Y_test = np.eye(10)[train_labels], np.eye(10)[test_labels]

# %% [settings]
num_filters = 8
filter_size = 3
pool_size = 2

# %% [count]
map_side = model.layers[0].output.shape[1]
pooled_side = model.layers[1].output.shape[1]
filter_parameters = model.layers[0].count_params()

# %% [predict]
predictions = np.array([model.predict(X_test[number : number + 1], verbose=0)[0] for number in range(4)])
first_digits = np.argmax(predictions, axis=-1)
last_digit = int(first_digits[3])
