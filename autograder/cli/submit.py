"""`autograder submit`."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

LOOKED_AT = 20.0
LONGEST_WAIT = 3600.0


@click.command()
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--assignment", default=None, help="The assignment, where neither the notebook nor its name says it.")
@click.option("--to", "url", default=None, show_default="AUTOGRADER_SERVICE_URL", help="Address of the service.")
@click.option("--wait", is_flag=True, help="Wait until it is graded, and print the points.")
@click.option("--json", "as_json", is_flag=True, help="Print what the service knows about the assignment as JSON.")
def submit(notebook: Path, assignment: str | None, url: str | None, wait: bool, as_json: bool) -> int:
    """Hand NOTEBOOK in to `autograder serve`, from a terminal or a notebook of your server at the JupyterHub.

    Prints the receipt, which is the SHA-256 of the file, and the place in the queue. Whose work it is follows from the
    token that the hub has given to your server.
    """
    from autograder.service.handing_in import HandIn, find_service, read_upload

    service = find_service(os.environ, url)
    named, data = read_upload(notebook, assignment)
    with closing(HandIn(service, named)) as talk:
        sent = talk.send(data)
        if not as_json:
            late = ", after the deadline: it is accepted, and late" if sent["late"] else ""
            click.echo(f"Received {named} at {sent['at']}{late}. Receipt: {sent['receipt']}")
        work = talk.wait(sent["receipt"], until_graded=wait, seconds=LONGEST_WAIT if wait else LOOKED_AT)
    if as_json:
        click.echo(json.dumps(work, indent=2))
    else:
        for sentence in _sentences(work, sent["receipt"], service.url):
            click.echo(sentence)
    return _code(work, sent["receipt"])


def _sentences(work: dict[str, Any], receipt: str, url: str) -> list[str]:
    from autograder.service.handing_in import ARRIVED, find_upload

    upload = find_upload(work, receipt)
    if upload is None or upload["state"] == ARRIVED:
        later = "in a moment" if work.get("running") else "as soon as the grader runs again"
        return [f"It will be looked at {later}; the page of the service shows it."]
    said = [f"{upload['state'].capitalize()}{', ' + upload['attempt'] if upload['attempt'] else ''}."
            f"{' ' + upload['said'] if upload['said'] else ''}"]
    place, result = work.get("place"), work.get("result")
    if place is not None:
        when = f", done at about {place['done_at'][11:16]}" if place["done_at"] else ""
        said.append(f"It is being graded{when}." if place["position"] == 0 else
                    f"It waits in the queue at place {place['position']}{when}.")
    elif result is not None and result["upload"] == receipt:
        so_far = ", so far" if result["undecided"] else ""
        said.append(f"{result['points']:g} of {result['of']:g} points{so_far}.")
    elif work.get("message"):
        said.append(str(work["message"]))
    if work.get("page"):
        parts = urlsplit(url)
        said.append(f"Result and feedback: {parts.scheme}://{parts.netloc}{work['page']}")
    return said


def _code(work: dict[str, Any], receipt: str) -> int:
    """Return 9, as `collect` does, where the upload was refused."""
    from autograder.service.handing_in import find_upload

    upload = find_upload(work, receipt)
    return 9 if upload is not None and upload["state"] == "refused" else 0
