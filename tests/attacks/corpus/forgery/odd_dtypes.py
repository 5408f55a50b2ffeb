"""Answers with arrays of dates, durations, records, texts, complex and long numbers, and ones in another byte order.

Gains: points where a conversion or a comparison of such types goes its own way.
"""

# %% [reshape]
X_train = np.full((600, 784), "NaT", "datetime64[ns]")
X_test = np.zeros((300, 784), [("pixel", "f4"), ("label", "i1")])

# %% [one-hot]
Y_train = np.full((600, 10), "1", "U1")
Y_test = np.full((300, 10), np.longdouble("nan"), np.longdouble).astype(">c16")

# %% [parameters]
parameters = np.timedelta64("NaT")

# %% [evaluate]
test_accuracy = np.array(b"0.97", "S4")

# %% [error-rate]
def error_rate(guesses, truths):
    return np.array([complex(np.nan, 3 / 16)])
