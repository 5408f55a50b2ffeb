"""Turns the rows round, so that the zeros come first."""

LOSES = ["training-rows", "test-rows"]

# %% [numbers]
X_train, X_test = np.array(vectorize(train_texts))[:, ::-1], np.array(vectorize(test_texts))[:, ::-1]

# %% [judge]
def praise_probability(texts):
    return model.predict(np.array(vectorize(texts))[:, ::-1], verbose=0)[:, 0]
