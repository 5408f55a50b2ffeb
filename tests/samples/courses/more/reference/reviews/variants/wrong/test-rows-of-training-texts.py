"""Makes the test rows of the training texts."""

LOSES = ["test-rows"]

# %% [numbers]
X_train, X_test = np.array(vectorize(train_texts)), np.array(vectorize(train_texts[:140]))
