"""Describes one image instead of the whole array, and gives the type of the array instead of that of its numbers."""

LOSES = ["number-of-axes", "shape", "pixel-type"]

# %% [describe]
image_axes = train_images[0].ndim
image_shape = train_images[0].shape
pixel_type = type(train_images).__name__
