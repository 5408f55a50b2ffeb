"""Returns the share of the words that are known."""

LOSES = ["unknown-share"]

# %% [unknown]
def unknown_share(texts):
    known = set(vectorize.get_vocabulary()[2:])
    return [sum(word in known for word in text.split()) / len(text.split()) for text in texts]
