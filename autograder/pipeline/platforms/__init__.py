"""Other platforms: assignments exported for Otter and Gradescope, and results in their form."""
