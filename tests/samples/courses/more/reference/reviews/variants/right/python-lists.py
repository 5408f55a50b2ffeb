"""Divides with loops, and has floats as labels."""

# %% [divide]
reviews, kinds = list(table.review), list(table.kind)
train_texts, test_texts = reviews[:560], reviews[560:]
train_praise = np.array([1.0 if kind == "praise" else 0.0 for kind in kinds[:560]])
test_praise = np.array([1.0 if kind == "praise" else 0.0 for kind in kinds[560:]])
