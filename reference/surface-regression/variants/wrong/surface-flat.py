"""Draws a flat surface in place of the predicted one."""

LOSES = ["surface-drawn"]

# %% [plot-surface]
field = plt.figure().add_subplot(projection="3d")
field.plot_surface(grid_x1, grid_x2, np.zeros((25, 25)), alpha=0.6)
field.scatter(X_test[:, 0], X_test[:, 1], y_test, s=6)
field.set_xlabel("x1")
field.set_ylabel("x2")
field.set_zlabel("y")
plt.show()
