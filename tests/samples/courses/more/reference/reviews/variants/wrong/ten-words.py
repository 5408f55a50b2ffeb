"""Cuts the texts after ten words, and fills the rows up by hand."""

LOSES = ["length", "training-rows", "test-rows", "unseen-texts"]

# %% [words]
vectorize = keras.layers.TextVectorization(output_sequence_length=10)
vectorize.adapt(train_texts)

# %% [numbers]
X_train = np.pad(np.array(vectorize(train_texts)), ((0, 0), (0, 30)))
X_test = np.pad(np.array(vectorize(test_texts)), ((0, 0), (0, 30)))

# %% [judge]
def praise_probability(texts):
    return model.predict(np.pad(np.array(vectorize(texts)), ((0, 0), (0, 30))), verbose=0)[:, 0]
