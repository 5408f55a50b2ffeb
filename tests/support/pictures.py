"""Pictures of the pages that people open, kept in `build/pictures` after a test run: a person looks at them."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

from tests.axe import SCHEMES, WIDTHS

SIZE = "(({scrollWidth, scrollHeight}) => [scrollWidth, scrollHeight])(document.documentElement)"
FOLDER = Path(__file__).resolve().parents[2] / "build" / "pictures"
HEIGHT, TALLEST = 900, 12_000
"""Pixels: of the window, and of a picture, which shows the top of a longer page."""


def keep_pictures(page: Any, name: str) -> list[Path]:
    """Keep what a page of Playwright shows, folded as it is opened: a file for each width in light and in dark."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            wide, high = page.evaluate(SIZE)
            path = FOLDER / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True,
                            clip={"x": 0, "y": 0, "width": wide, "height": min(high, TALLEST)})
            kept.append(path)
    return kept


def size_of(picture: Path) -> tuple[int, int]:
    """Return width and height of a PNG file in pixels."""
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return width, height
