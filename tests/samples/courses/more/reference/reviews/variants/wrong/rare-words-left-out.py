"""Keeps only the 80 most frequent words."""

LOSES = ["vocabulary"]

# %% [words]
vectorize = keras.layers.TextVectorization(max_tokens=80, output_sequence_length=LENGTH)
vectorize.adapt(train_texts)
