"""The assertions that hidden checks are written in, one module per kind of subject."""
