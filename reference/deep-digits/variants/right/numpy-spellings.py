"""Prepares the data and reads the answers with other NumPy spellings; the scaling is done while reshaping."""

# %% [reshape]
pixels = 28 * 28
X_train = np.reshape(train_images, (-1, pixels)) / np.float32(255)
X_test = test_images.reshape(-1, pixels).astype(np.float32)
X_test /= 255

# %% [scale]
X_train = np.asarray(X_train, dtype=np.float32)
print(X_train.min(), X_train.max(), X_test.max())

# %% [one-hot]
Y_train = np.eye(10)[train_labels]
Y_test = (test_labels[:, None] == np.arange(10)).astype("float32")

# %% [count-parameters]
weights, biases = pixels * 400, 400
first_layer_parameters = float(weights + biases)

# %% [predict]
probabilities = adam_model.predict(X_test, batch_size=250)
predicted_labels = np.array([int(np.argmax(row)) for row in probabilities])
mistakes = 0
for seen, true in zip(predicted_labels, test_labels):
    if seen != true:
        mistakes += 1

# %% [plots]
curves = adam_history.history
for quantity in ["accuracy", "loss"]:
    plt.figure()
    plt.plot(curves[quantity], label="training")
    plt.plot(curves["val_" + quantity], label="test")
    plt.xlabel("epoch")
    plt.ylabel(quantity)
    plt.legend()
    plt.show()
