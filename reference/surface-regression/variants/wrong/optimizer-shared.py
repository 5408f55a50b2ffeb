"""Hands the optimizer object of the first network to the second one: it knows the first one's weights only, and refuses."""

LOSES = ["tanh-training", "better-activation"]

# %% [first-model]
optimizer = keras.optimizers.Adagrad(learning_rate=0.1)
first_model = build_network([5, 5], "relu")
first_model.compile(loss="mean_squared_error", optimizer=optimizer, steps_per_execution=20)
first_history = first_model.fit(
    X_train, y_train, batch_size=10, epochs=EPOCHS, validation_split=0.2, verbose=0
)

# %% [activations]
tanh_model = build_network([5, 5], "tanh")
tanh_model.compile(
    loss="mean_squared_error", optimizer=optimizer, steps_per_execution=20
)
tanh_history = tanh_model.fit(
    X_train, y_train, batch_size=10, epochs=EPOCHS, validation_split=0.2, verbose=0
)
relu_loss, tanh_loss = first_history.history["val_loss"][-1], tanh_history.history["val_loss"][-1]
better_activation = "relu" if relu_loss < tanh_loss else "tanh"
