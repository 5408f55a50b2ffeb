"""Takes the first 140 texts for testing and the others for training."""

LOSES = ["texts", "labels", "training-rows", "test-rows"]

# %% [divide]
train_texts, test_texts = table["review"][140:].tolist(), table["review"][:140].tolist()
praise = (table["kind"] == "praise").to_numpy().astype("int64")
train_praise, test_praise = praise[140:], praise[:140]
