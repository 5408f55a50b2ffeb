"""Draws the eighth image, which is number 7, and takes the label of the right one."""

LOSES = ["look-figure"]

# %% [look]
plt.imshow(train_images[7], cmap="gray")
plt.show()
digit_8 = train_labels[8]
