"""axe-core, which finds what keeps people from using a page, for tests in Chromium; run as a script, it is fetched.

It is no part of this project: the pinned version is fetched from the npm registry once (``npm_config_registry`` names
another one), compared with its hash, and kept in ``.cache/axe``.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import sys
import tarfile
import urllib.request
from functools import cache
from pathlib import Path
from typing import Any

VERSION = "4.14.1"
INTEGRITY = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
"""SHA-512 of the package in base64, as npm's registry and lock files give it."""
KEPT = Path(__file__).resolve().parents[1] / ".cache" / "axe" / f"axe-core-{VERSION}.tgz"
MEMBER = "package/axe.min.js"
WIDTHS = (360, 768, 1280)
SCHEMES = ("light", "dark")
SECONDS = 60
UNFOLD = "() => document.querySelectorAll('details').forEach(one => one.open = true)"
COLOURS = ("color-contrast", "link-in-text-block")
RUN = """rules => axe.run(document, {resultTypes: ['violations'], ...(rules && {runOnly: rules})}).then(found =>
    found.violations.flatMap(rule => rule.nodes.map(node =>
        `${rule.impact} ${rule.id}: ${node.html.slice(0, 200)}: ${node.failureSummary}`)))"""


class Unavailable(Exception):
    """It cannot be had; the sentence says why."""


def _is_right(package: bytes) -> bool:
    return base64.b64encode(hashlib.sha512(package).digest()).decode() == INTEGRITY


def _package() -> bytes:
    """Return the package, fetched if it is not here.

    Raises:
        Unavailable: it cannot be fetched, or is not the pinned one.
    """
    if KEPT.is_file() and _is_right(package := KEPT.read_bytes()):
        return package
    settings = {name.lower(): value for name, value in os.environ.items()}  # npm takes its own in any case
    registry = (settings.get("npm_config_registry") or "https://registry.npmjs.org").rstrip("/")
    try:
        with urllib.request.urlopen(f"{registry}/axe-core/-/axe-core-{VERSION}.tgz", timeout=SECONDS) as answer:
            package = answer.read()
    except (OSError, ValueError) as error:
        raise Unavailable(f"axe-core {VERSION} could not be fetched from the npm registry: {error}") from None
    if not _is_right(package):
        raise Unavailable(f"The npm registry gave another axe-core {VERSION} than the pinned one.")
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    partial = KEPT.with_name(f"{KEPT.name}.{os.getpid()}.partial")
    partial.write_bytes(package)
    partial.replace(KEPT)
    return package


@cache
def source() -> str:
    """Return the script.

    Raises:
        Unavailable: it cannot be had.
    """
    with tarfile.open(fileobj=io.BytesIO(_package())) as archive:
        member = archive.extractfile(MEMBER)
        if member is None:
            raise Unavailable(f"axe-core {VERSION} has no {MEMBER}.")
        return member.read().decode()


def findings(page: Any) -> list[str]:
    """Return what axe-core finds in a page of Playwright, of any impact, at all widths, light and dark, all unfolded.

    What is dark differs from what is light in its colours only, so that only the rules about these run twice.
    """
    page.evaluate(source())
    page.evaluate(UNFOLD)
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            rules = None if scheme == SCHEMES[0] else COLOURS
            found += [f"{width} {scheme} {one}" for one in page.evaluate(RUN, rules)]
    return found


if __name__ == "__main__":
    try:
        print(f"axe-core {VERSION}: {len(source())} characters")
    except Unavailable as reason:
        sys.exit(str(reason))
