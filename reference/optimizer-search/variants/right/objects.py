"""Adds the layers one by one, compiles with objects, keeps `y` out of the number of classes by a wrapper of its own."""

# %% [create-network]
def with_layers(inputs, classes):
    network = keras.models.Sequential(name="searched")
    network.add(keras.layers.Input((inputs,)))
    network.add(keras.layers.Dense(units=UNITS, activation=keras.activations.relu))
    network.add(keras.layers.Dense(units=classes, activation=keras.activations.softmax))
    return network


def create_network(X, y, optimizer="adam"):
    """Return a compiled network for these images and labels."""
    rows, inputs = X.shape
    network = with_layers(inputs, len(y[0]))
    network.compile(
        optimizer=optimizer,
        loss=keras.losses.CategoricalCrossentropy(),
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
    )
    return network

# %% [mend-adadelta]
Y_train = np.eye(10)[y_train]
adadelta_model = create_network(X_train, Y_train, "adadelta")
adadelta_model.compile(
    optimizer=keras.optimizers.Adadelta(1.0), loss="categorical_crossentropy", metrics=["accuracy"]
)
history = adadelta_model.fit(X_train, Y_train, BATCH_SIZE, EPOCHS, verbose=0).history

# %% [plot]
for name, (mean, deviation) in table.items():
    plt.errorbar([mean], [list(table).index(name)], xerr=[deviation], marker="s", label=name)
plt.legend()
plt.xlabel("mean accuracy")
plt.show()
