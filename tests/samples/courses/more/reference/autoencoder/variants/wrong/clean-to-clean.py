"""Trains with clean images as input: it never saw noise."""

LOSES = ["noisy-to-clean", "restores"]

# %% [train]
autoencoder.compile(optimizer="adam", loss="binary_crossentropy")
autoencoder.fit(X_train, X_train, batch_size=64, epochs=EPOCHS, validation_data=(noisy_test, X_test), verbose=0)
