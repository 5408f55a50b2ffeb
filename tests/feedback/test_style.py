"""The style sheet: text can be read on every ground, in both colour schemes."""

from __future__ import annotations

import re
from importlib import resources

import pytest

CSS = (resources.files("autograder.feedback") / "templates" / "style.css").read_text(encoding="utf-8")
ENOUGH = 4.5  # WCAG 2.2, success criterion 1.4.3


def palettes() -> dict[str, dict[str, str]]:
    """Return the colours of the light and of the dark scheme."""
    blocks = re.findall(r":root \{([^}]*)\}", CSS)
    assert len(blocks) == 2
    return {name: dict(re.findall(r"--(\w+): (#[0-9a-f]{6})(?![0-9a-f])", block))
            for name, block in zip(("light", "dark"), blocks, strict=True)}


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb`` by WCAG 2.2's definition."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known grey that just fails


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
@pytest.mark.parametrize("ink", ["ink", "soft", "good", "open", "wait", "accent"])
def test_text_has_enough_contrast(scheme: str, ground: str, ink: str) -> None:
    palette = palettes()[scheme]
    assert contrast(palette[ink], palette[ground]) >= ENOUGH


def mixed(ink: str, ground: str, share: float) -> str:
    """Return ``ground`` with a share of ``ink``, as ``color-mix(in srgb, …)`` paints it."""
    parts = [round(share * int(ink[at : at + 2], 16) + (1 - share) * int(ground[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in parts)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
@pytest.mark.parametrize("ink", ["ink", "soft", "wait"])
def test_code_in_a_sentence_has_enough_contrast(scheme: str, ground: str, ink: str) -> None:
    [share] = re.findall(r"color-mix\(in srgb, var\(--ink\) (\d+)%, transparent\)", CSS)
    palette = palettes()[scheme]
    assert contrast(palette[ink], mixed(palette["ink"], palette[ground], int(share) / 100)) >= ENOUGH


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_line_contrasts_with_its_band(scheme: str) -> None:
    palette = palettes()[scheme]
    [band] = re.findall(r"--band: #[0-9a-f]{6}([0-9a-f]{2})", re.findall(r":root \{([^}]*)\}", CSS)[scheme == "dark"])
    ground = mixed(palette["accent"], palette["paper"], int(band, 16) / 255)
    assert contrast(palette["accent"], ground) >= 3  # WCAG 2.2, 1.4.11: graphics
    assert contrast(palette["soft"], ground) >= 3


def test_colours_are_named_in_one_place() -> None:
    rules = CSS.split("* { box-sizing", 1)[1]
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", rules)) == {"#fff"}  # the ground of students' figures
