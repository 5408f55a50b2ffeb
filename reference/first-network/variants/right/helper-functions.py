"""Works with functions of its own: one returns the network compiled already, one scales, one trains."""

# %% [scale]
def prepare(images, white=255):
    return images.astype(np.float32) / white


X_train, X_test = map(prepare, [X_train, X_test])

# %% [build]
def create_network(neurons=10):
    network = keras.Sequential([keras.Input((28 * 28,))])
    for activation in ["sigmoid", "softmax"]:
        network.add(keras.layers.Dense(neurons, activation=activation))
    network.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
    return network


model = create_network()
print(model.count_params(), "parameters")

# %% [compile]
print("compiled already, with the loss", model.loss)

# %% [fit]
settings = {"batch_size": 100, "epochs": 5, "verbose": 0}
history = model.fit(x=X_train, y=Y_train, **settings).history

# %% [evaluate]
score = model.evaluate(X_test, Y_test, verbose=0)
test_loss = score[0]
test_accuracy = round(score[1], 2)

# %% [confusion]
import tensorflow as tf

confusion = tf.math.confusion_matrix(test_labels, predicted_digits).numpy()
matrix_accuracy = float(np.mean(predicted_digits == test_labels))
