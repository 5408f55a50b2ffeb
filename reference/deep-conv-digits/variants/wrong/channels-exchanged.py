"""Mixes the two orders up; the network then takes each image for 28 channels of 28 × 1 pixels."""

LOSES = ["channels-last", "channels-first", "reshape-train", "reshape-test", "input-shape"]

# %% [add-channel]
def add_channel(images, data_format):
    if data_format == "channels_last":
        return np.expand_dims(images, 1)
    return np.expand_dims(images, -1)
