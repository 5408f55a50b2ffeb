"""Puts the axis of the channels last whatever its argument says, since that is right on this computer."""

LOSES = ["channels-first"]

# %% [add-channel]
def add_channel(images, data_format):
    return np.expand_dims(images, -1)
