"""Counts the images from 1, and prints the pixels instead of drawing them."""

LOSES = ["look-label", "look-figure"]

# %% [look]
print(train_images[7])
digit_8 = train_labels[7]
