"""Draws an empty figure where curves are required.

Gains: the claimed points of a figure that shows nothing.
"""
ASSIGNMENT = "mlp-digits"

# %% [plots]
plt.figure(figsize=(1, 1))
plt.plot([])
plt.show()
