"""Names what is in another test image."""

LOSES = ["first-name"]

# %% [predict]
predicted = best.predict(X_test, verbose=0).argmax(axis=1)
other = next(place for place in range(2000) if predicted[place] != predicted[0])
first_name = NAMES[predicted[other]]
