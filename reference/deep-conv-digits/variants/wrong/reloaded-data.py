"""Takes the training images from outside instead of the images that the function is given."""

LOSES = ["channels-last", "channels-first", "values-kept", "reshape-test"]

# %% [add-channel]
def add_channel(images, data_format):
    if data_format == "channels_first":
        return np.expand_dims(X_train, 1)
    return np.expand_dims(X_train, -1)
