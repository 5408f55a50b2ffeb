"""Shows a figure with nothing in it."""

LOSES = ["look-figure"]

# %% [look]
plt.figure()
plt.title("training image 8")
plt.plot([])
plt.show()
digit_8 = train_labels[8]
