"""Counts the words itself and gives the layer its vocabulary."""

# %% [words]
words = sorted({word for text in train_texts for word in text.split()})
vectorize = keras.layers.TextVectorization(output_sequence_length=LENGTH, vocabulary=words)
