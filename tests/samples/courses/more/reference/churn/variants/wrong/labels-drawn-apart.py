"""Divides rows and labels in two calls, each with another draw."""

LOSES = ["own-labels"]

# %% [split]
from sklearn.model_selection import train_test_split

rows_train, rows_test = train_test_split(rows, train_size=0.8, stratify=left, random_state=3)
left_train, left_test = train_test_split(left, train_size=0.8, stratify=left, random_state=4)
