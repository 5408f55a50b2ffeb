"""Uses `arange` for the grid, whose last number is left out: the grid ends before the edge of the square."""

LOSES = ["grid-points", "grid-heights"]

# %% [grid]
axis = np.arange(-4, 4, 8 / 25)
grid_x1, grid_x2 = np.meshgrid(axis, axis)
grid_points = np.column_stack([grid_x1.ravel(), grid_x2.ravel()])
grid_heights = predict_surface(grid_points).reshape(25, 25)
