"""Reshapes the heights in another order than the points were laid out: the surface is turned, and looks plausible."""

LOSES = ["grid-heights"]

# %% [grid]
axis = np.linspace(-4, 4, 25)
grid_x1, grid_x2 = np.meshgrid(axis, axis)
grid_points = np.column_stack([grid_x1.ravel(), grid_x2.ravel()])
grid_heights = predict_surface(grid_points).reshape(25, 25, order="F")
