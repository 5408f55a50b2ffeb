"""Takes the augmentation out of the loaded network, although it does nothing when the network predicts."""

LOSES = ["loaded"]

# %% [best]
whole = keras.models.load_model("best.keras")
best = keras.Sequential([keras.Input(shape=(28, 28, 1)), *whole.layers[1:]])
