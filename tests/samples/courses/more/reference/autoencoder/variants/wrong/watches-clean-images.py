"""Watches the clean test images, for which the loss is lower."""

LOSES = ["watched"]

# %% [train]
autoencoder.compile(optimizer="adam", loss="binary_crossentropy")
autoencoder.fit(noisy_train, X_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, X_test), verbose=0)
