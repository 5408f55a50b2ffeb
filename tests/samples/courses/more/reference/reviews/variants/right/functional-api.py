"""Builds the network with the functional API, with room for 200 words."""

# %% [build]
words = keras.Input((LENGTH,))
vectors = keras.layers.Embedding(input_dim=200, output_dim=16, mask_zero=True)(words)
memory = keras.layers.LSTM(units=16)(vectors)
model = keras.Model(words, keras.layers.Activation("sigmoid")(keras.layers.Dense(1)(memory)))
