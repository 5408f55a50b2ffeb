"""Puts halves of characters, null characters and lines of other alphabets into outputs, names, texts and errors.

Gains: a file, page or gradebook entry that cannot be written, and with it the batch or the points of what is missing.
"""

# %% [reshape]
globals()["half \ud800"] = "\udfff"
print("\ud83d", "\udc80" * 1_000, "\0\x07\u2028\u2029\ufeff\uffff")
X_train = ["\ud800"] * 600

# %% [one-hot]
from IPython.display import HTML, Markdown, display

display(HTML("\ud800<b>\udfff"), Markdown("\udfff"), {"image/svg+xml": "\ud800", "text/\ud800": "x"}, raw=False)
display({"text/plain": "\ud800", "text/html": "\0"}, raw=True, metadata={"\ud800": "\udfff"})

# %% [build]
model = type("\ud800", (), {"__module__": "\udfff", "__repr__": lambda self: "\ud800"})()
model

# %% [parameters]
parameters = "\ud800"
raise ValueError("\ud800")

# %% [error-rate]
def error_rate(guesses, truths):
    raise ValueError("\udcff\0")
