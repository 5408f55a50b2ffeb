"""Training recorded work again on the trusted side."""
