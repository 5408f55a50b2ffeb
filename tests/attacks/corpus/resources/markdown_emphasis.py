"""Hands in 900 text cells of nothing but emphasis that never ends.

Gains: minutes of rendering, and a feedback page of 60 MB that no browser opens.
"""

FILE = "raw"

import json


def upload(path, released):
    released["cells"] += [{"cell_type": "markdown", "id": f"more-{number}", "metadata": {}, "source": "**a*" * 5_000}
                          for number in range(900)]
    path.write_text(json.dumps(released))
