"""Counts images last in `reshape` and moves that axis to the front: each image then mixes pixels of many."""

LOSES = ["values-kept", "reshape-train", "reshape-test"]

# %% [add-channel]
def add_channel(images, data_format):
    n, rows, columns = images.shape
    mixed = np.moveaxis(images.reshape(rows, columns, n), -1, 0)
    return np.expand_dims(mixed, 1 if data_format == "channels_first" else -1)
