"""Draws the measurements that the network was trained on in place of the test measurements."""

LOSES = ["measurements-drawn"]

# %% [plot-surface]
field = plt.figure().add_subplot(projection="3d")
field.plot_surface(grid_x1, grid_x2, grid_heights, alpha=0.6)
field.scatter(X_train[:, 0], X_train[:, 1], y_train, s=6)
field.set_xlabel("x1")
field.set_ylabel("x2")
field.set_zlabel("y")
plt.show()
