"""Compiles with the mean squared error, which is only what is measured in the end."""

LOSES = ["compiled"]

# %% [train]
autoencoder.compile(optimizer="adam", loss="mean_squared_error")
autoencoder.fit(noisy_train, X_train, batch_size=64, epochs=EPOCHS, validation_data=(noisy_test, X_test), verbose=0)
