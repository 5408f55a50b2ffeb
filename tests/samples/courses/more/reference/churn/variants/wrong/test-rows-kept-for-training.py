"""Draws test rows but trains with all rows."""

LOSES = ["disjoint-and-stratified"]

# %% [split]
from sklearn.model_selection import train_test_split

_, rows_test, _, left_test = train_test_split(rows, left, train_size=0.8, stratify=left, random_state=3)
rows_train, left_train = rows, left
