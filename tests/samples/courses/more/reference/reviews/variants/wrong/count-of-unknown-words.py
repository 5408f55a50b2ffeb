"""Counts the unknown words, and does not divide."""

LOSES = ["unknown-share"]

# %% [unknown]
def unknown_share(texts):
    known = set(vectorize.get_vocabulary()[2:])
    return [sum(word not in known for word in text.split()) for text in texts]
