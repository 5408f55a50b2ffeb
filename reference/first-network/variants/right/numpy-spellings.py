"""Prepares, counts and divides with other NumPy spellings, and keeps answers as lists and plain Python numbers."""

# %% [describe]
image_axes = len(train_images.shape)
image_shape = list(train_images.shape)
pixel_type = train_images.dtype.name

# %% [reshape]
X_train = train_images.reshape((-1, 28 * 28))
X_test = np.reshape(test_images, (len(test_images), -1))

# %% [scale]
X_train = np.divide(X_train, 255.0, dtype=np.float32)
X_test = np.float32(X_test)
X_test /= 255

# %% [one-hot]
Y_train = np.eye(10)[train_labels]
Y_test = (test_labels[:, None] == np.arange(10)).astype("float32")

# %% [count]
hidden_parameters = 7850.0
output_parameters = 110

# %% [predict]
predictions = model.predict(X_test, batch_size=500)
predicted_digits = [int(np.argmax(row)) for row in predictions]
predicted_digits = np.array(predicted_digits)
digit_11 = predicted_digits.tolist()[11]
sum_11 = float(sum(predictions[11]))

# %% [confusion]
confusion = np.zeros((10, 10))
np.add.at(confusion, (test_labels, predicted_digits), 1)
matrix_accuracy = sum(confusion[digit, digit] for digit in range(10)) / confusion.sum()

# %% [sensitivity]
sensitivities = []
for digit in range(10):
    shown = test_labels == digit
    sensitivities.append(float((predicted_digits[shown] == digit).mean()))
hardest_digit = sensitivities.index(min(sensitivities))
