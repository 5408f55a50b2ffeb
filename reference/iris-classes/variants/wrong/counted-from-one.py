"""Counts the kinds from 1, as people do: the position of the largest number plus one."""

LOSES = ["first-flower", "second-flower"]

# %% [two-flowers]
both = predict_flowers(np.array([[6.4, 3.2, 4.5, 1.5], [5.8, 3.1, 5.0, 1.7]]))
first_flower, second_flower = both.argmax(axis=1) + 1
