"""Watches the mean squared error as a metric, and lets `evaluate` compute it."""

# %% [train]
autoencoder.compile(keras.optimizers.Adam(), keras.losses.BinaryCrossentropy(), metrics=["mse"])
history = autoencoder.fit(x=noisy_train, y=X_train, epochs=EPOCHS, batch_size=64, verbose=0,
                          validation_data=(noisy_test, X_test))

# %% [score]
loss, test_error = autoencoder.evaluate(noisy_test, X_test, verbose=0)
