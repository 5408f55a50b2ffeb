"""Adds cells, prints, magics and figures of its own, and splits answers over several cells."""

# %% [reshape] before
print("before:", train_images.shape)
plt.imshow(train_images[0])
plt.show()

# %% [reshape]
X_train = train_images.reshape(60000, 784)

# %% [reshape]
X_test = test_images.reshape(10000, 784)
X_test.shape

# %% [standardize] before
def statistics(array):
    """One mean and one deviation over all values."""
    return array.mean(), array.std()

# %% [standardize]
mean, deviation = statistics(X_train)
print(f"mean {mean:.2f}, deviation {deviation:.2f}")
X_train = (X_train - mean) / deviation
X_test = (X_test - mean) / deviation
plt.hist(X_train[:100].ravel(), bins=20)
plt.title("standardized pixels")
plt.show()

# %% [sigmoid-fit]
%%time
sigmoid_history = sigmoid_model.fit(
    X_train, Y_train, batch_size=128, epochs=1, validation_data=(X_test, Y_test), verbose=0
)

# %% [relu-fit]
relu_history = relu_model.fit(X_train, Y_train, batch_size=128, validation_data=(X_test, Y_test))

# %% [relu-fit]
score = relu_model.evaluate(X_test, Y_test, batch_size=500)
relu_loss = score[0]
relu_accuracy = score[1]
relu_model.predict(X_test[:3]).argmax(axis=1)

# %% [plots] before
final = relu_ten_history.history["val_accuracy"][-1]
print("with ReLU", final)

# %% [why-sigmoid-fails] markdown
# The slope of sigmoid is at most 1/4. On the way back through two hidden layers the gradient is multiplied by it twice,
# so at most 1/16 of it arrives. The first layer hardly moves in 47 updates.
