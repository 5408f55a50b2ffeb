"""Prepares the data and reads the answers with other NumPy spellings."""

# %% [scale]
X_train = np.asarray(train_images, dtype=np.float32)
X_train /= 255
X_test = np.divide(test_images, 255.0).astype(np.float32)

# %% [add-channel]
def add_channel(pictures, order):
    n, rows, columns = pictures.shape
    return pictures.reshape((n, 1, rows, columns) if order == "channels_first" else (n, rows, columns, 1))

# %% [reshape]
order = keras.backend.image_data_format()
X_train, X_test = (add_channel(pictures, order) for pictures in (X_train, X_test))
input_shape = [int(side) for side in X_train[0].shape]

# %% [one-hot]
Y_train = np.eye(10)[train_labels]
Y_test = (test_labels[:, None] == np.arange(10)).astype("float32")

# %% [count-parameters]
window, maps, filters = 5 * 5, 10, 20
second_conv_parameters = float(window * maps * filters + filters)

# %% [predict]
probabilities = cnn_model.predict(X_test, batch_size=250)
predicted_labels = np.array([int(np.argmax(row)) for row in probabilities])
least_sure = 0
for index in range(100):
    if probabilities[index].max() < probabilities[least_sure].max():
        least_sure = index

# %% [plots]
curves = cnn_history.history
for quantity in ["accuracy", "loss"]:
    plt.figure()
    plt.plot(curves[quantity], label="training")
    plt.plot(curves["val_" + quantity], label="test")
    plt.xlabel("epoch")
    plt.ylabel(quantity)
    plt.legend()
    plt.show()
