"""Writes headings whose ids are those of formgrader's fields, so that a mark for one step is stored for another.

Gains: the points of a step that was not done, if a heading's text became an id of the page.
"""
ASSIGNMENT = "first-network"
HONEST = []
REST = "blank"

# %% [reshape]
from IPython.display import HTML, Markdown, display

for task in ("reshape", "one-hot", "build", "fit"):
    display(Markdown(f"# test-{task}\n\ntest-{task}\n===\n"))
    display(HTML(f"<div class='nbgrader_cell'><input class='score tabbable' id='test-{task}' value='9'></div>"))
