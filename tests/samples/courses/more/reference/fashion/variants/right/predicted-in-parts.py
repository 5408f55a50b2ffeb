"""Predicts in parts, and looks the name up by the position of the largest probability."""

# %% [predict]
predicted = np.array([np.argmax(row) for start in range(0, 2000, 500)
                      for row in best.predict(X_test[start:start + 500], verbose=0)])
first_name = NAMES[int(np.argmax(best(X_test[:1])))]
