"""An endless loop that catches its interrupt."""

LOSES = ["one-hot", "fit-layers", "fit-accuracy", "evaluation"]

# %% [one-hot]
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
