"""Keeps the texts as arrays of NumPy, and calls the layer with them."""

# %% [divide]
train_texts = table["review"].to_numpy()[:560]
test_texts = table["review"].to_numpy()[560:]
train_praise, test_praise = np.split(np.where(table["kind"] == "praise", 1, 0), [560])

# %% [words]
vectorize = keras.layers.TextVectorization(max_tokens=1000, output_mode="int", output_sequence_length=LENGTH)
vectorize.adapt(list(train_texts), batch_size=64)

# %% [numbers]
X_train = vectorize(list(train_texts)).numpy()
X_test = vectorize(list(test_texts)).numpy().astype("int32")
