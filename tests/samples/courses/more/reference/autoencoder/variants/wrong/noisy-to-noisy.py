"""Trains with noisy images as output too: it learns to keep the noise."""

LOSES = ["noisy-to-clean", "restores"]

# %% [train]
autoencoder.compile(optimizer="adam", loss="binary_crossentropy")
autoencoder.fit(noisy_train, noisy_train, batch_size=64, epochs=EPOCHS, validation_data=(noisy_test, X_test), verbose=0)
