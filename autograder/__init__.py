"""Auto-graded teaching of neural networks with Keras."""

__version__ = "0.1.0"

__all__ = ["__version__"]
