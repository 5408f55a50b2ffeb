"""Looks for the image of which the network is most sure: `argmax` out of habit."""

LOSES = ["least-sure"]

# %% [predict]
probabilities = cnn_model.predict(X_test, verbose=0)
predicted_labels = probabilities.argmax(axis=1)
least_sure = probabilities.max(axis=1)[:100].argmax()
