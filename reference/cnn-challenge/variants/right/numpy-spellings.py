"""Prepares the data with other NumPy spellings and other helper names, and counts with the model itself."""

# %% [prepare]
X_train = (train_images / 255.0).astype(np.float32)[..., np.newaxis]
X_test = np.expand_dims(np.array(test_images, dtype="float64") / 255, axis=-1).astype("float32")

# %% [one-hot]
Y_train = np.eye(10)[train_labels]
Y_test = (test_labels[:, None] == np.arange(10)).astype("float32")

# %% [count-parameters]
second = [layer for layer in guided_model.layers if isinstance(layer, keras.layers.Conv2D)][1]
second_convolution_parameters = float(second.count_params())
non_trainable_parameters = sum(int(np.prod(weight.shape)) for weight in guided_model.non_trainable_weights)

# %% [guided-evaluate]
probabilities = guided_model.predict(X_test, verbose=0)
digits = probabilities.argmax(axis=1)
guided_accuracy = (digits == test_labels).mean()
guided_digit = digits[8]

# %% [curves]
for quantity, numbers in guided_history.history.items():
    plt.plot(np.arange(1, 1 + len(numbers)), np.array(numbers), label=quantity)
plt.xlabel("epoch")
plt.ylabel("loss, and accuracy as a share")
plt.legend(loc="center right")
plt.show()
