"""Shows a figure in three dimensions with nothing in it."""

LOSES = ["surface-drawn", "measurements-drawn"]

# %% [plot-surface]
field = plt.figure().add_subplot(projection="3d")
field.set_xlabel("x1")
field.set_ylabel("x2")
field.set_zlabel("y")
plt.show()
