"""Sphinx builds the pages of this folder into `build/docs`: `make docs`, where every warning is an error."""

from __future__ import annotations

from autograder import __version__

project = "keras-autograder"
author = "the keras-autograder contributors"
copyright = author
version = release = __version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["images"]
nitpicky = True

# Headings down to this level can be linked as `page.md#heading`.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence", "deflist"]

html_theme = "furo"
html_title = f"keras-autograder {release}"
html_copy_source = False
html_show_sphinx = False
