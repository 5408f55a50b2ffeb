"""Draws the right image on its side."""

LOSES = ["look-figure"]

# %% [look]
plt.imshow(train_images[8].T, cmap="gray")
plt.show()
digit_8 = train_labels[8]
