"""Shows a single image."""

LOSES = ["picture"]

# %% [picture]
plt.imshow(autoencoder.predict(noisy_test[:1], verbose=0).reshape(28, 28))
plt.show()
