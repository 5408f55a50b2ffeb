"""Gives the LSTM eight units."""

LOSES = ["layers"]

# %% [build]
model = keras.Sequential([
    keras.Input(shape=(LENGTH,), dtype="int64"),
    keras.layers.Embedding(len(vectorize.get_vocabulary()), 16, mask_zero=True),
    keras.layers.LSTM(8),
    keras.layers.Dense(1, activation="sigmoid"),
])
