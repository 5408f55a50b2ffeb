"""Marks criticism with 1, since it comes first in the alphabet."""

LOSES = ["labels"]

# %% [divide]
train_texts, test_texts = table["review"][:560].tolist(), table["review"][560:].tolist()
criticism = (table["kind"] == "criticism").to_numpy().astype("int64")
train_praise, test_praise = criticism[:560], criticism[560:]
