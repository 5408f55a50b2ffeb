"""Does not store the cast, then subtracts in place: NumPy refuses to put fractions into an array of whole numbers."""

LOSES = ["cast-float32", "train-standardized", "test-uses-training-statistics"]

# %% [cast]
X_train.astype("float32")
X_test.astype("float32")

# %% [standardize]
train_mean = X_train.mean()
train_deviation = X_train.std()
X_train -= train_mean
X_train /= train_deviation
X_test -= train_mean
X_test /= train_deviation
