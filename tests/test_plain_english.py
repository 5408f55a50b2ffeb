"""Words of a private dialect do not come back into what people read: messages, documentation, docstrings, names."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

WORDS = {
    r"mend(s|ed|ing)?": "fix, repair",
    r"beside": "next to, with, in addition to",
    r"stands(?! for\b)": "is, comes",
    r"held against": "compared with",
    r"(go|goes|going|went|gone) on": "continue",
    r"farewell": "end",
    r"asked about|asks about": "evaluated on, used by",
    r"asked for": "requested, required, expected",
    r"opted": "chosen",
    r"roomy": "large",
    r"lanes?": "workers",
    r"worth_it": "a sentence",
    r"afresh|anew": "again, from scratch",
    r"for ever": "forever",
    r"(is|are|was|were|be) told": "reported, shown, flagged",
}
"""Regular expression of a whole word → what to write instead."""
NAMES = {
    r"mend(s|ed)?": "fix", r"beside": "next_to", r"told": "reported", r"settled?": "a verb with its object",
    r"opted": "chosen", r"roomy": "large", r"placed": "a noun", r"lanes": "workers",
    r"farewell": "end", r"better": "improved", r"hold": "a verb with its object", r"worth_it": "is_worthwhile",
}
"""The same for one part of a name of a function, class, parameter, variable or module."""

READ = ("autograder", "docs", "assignments", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md",
        "course.yml", "Makefile")
ELSEWHERE = ("tests/hidden/", "tests/attacks/corpus")
"""Not covered: hidden checks, and student code of attacks."""
FORMER = {"autograder/cli/workers_option.py": ("lanes",), "CHANGELOG.md": ("lanes", "mend")}
"""Files in which a former name has to occur."""
HANDED_OUT = re.compile(r"mended_(model|history|accuracy)|MEND_EPOCHS|\b(test-|about-)?mend(-adadelta)?\b")
"""Names and ids in releases that students already have: renaming them would cost their work its place."""


def listed(*places: str) -> list[Path]:
    """Return the files under version control in these places, without those of `ELSEWHERE`."""
    found = subprocess.run(["git", "ls-files", "--", *places], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in found.stdout.split("\n")
            if name and not name.startswith(ELSEWHERE) and (ROOT / name).is_file()]


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of a text file; of a notebook those of its cells and titles."""
    if path.suffix == ".ipynb":
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield from enumerate((line for cell in cells for line in "".join(cell["source"]).splitlines()), 1)
        yield from enumerate(cell["metadata"].get("autograder", {}).get("title", "") for cell in cells)
    elif path.suffix in (".py", ".md", ".yml", ".j2", ".txt", "") or path.name == "Dockerfile":
        yield from enumerate(path.read_text(encoding="utf-8").splitlines(), 1)


@cache
def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for lines with at least one of the words: most have none, and one search says so."""
    return re.compile(rf"\b(?:{'|'.join(f'(?:{word})' for word in words)})\b", re.IGNORECASE)


def findings(path: Path, words: dict[str, str]) -> list[str]:
    """Return one sentence for each unwanted word in a file."""
    name = path.relative_to(ROOT).as_posix()
    found = []
    anyone = any_of(tuple(words))
    for number, line in lines_of(path):
        text = HANDED_OUT.sub("", line)
        if not anyone.search(text):
            continue
        for word, instead in words.items():
            match = re.search(rf"\b(?:{word})\b", text, re.IGNORECASE)
            if match and match[0] not in FORMER.get(name, ()):
                found.append(f"{name}:{number}: “{match[0]}”: write {instead}: {line.strip()[:100]}")
    return found


def test_people_read_plain_english() -> None:
    found = [sentence for path in listed(*READ) for sentence in findings(path, WORDS)]
    assert not found, "\n".join(found)


def test_names_are_plain_english() -> None:
    """Of modules, functions, classes, parameters and variables in the package, and of tests."""
    part = rf"_?(?:\w+_)?(?:{'|'.join(NAMES)})(?:_\w+)?"
    own = re.compile(rf"\b(?:def|class)\s+{part}\b|^\s*(?:self\.)?{part}\s*[:=](?!=)|[(,]\s*{part}: ", re.IGNORECASE)
    words = "mend|mended|beside|told|opted|roomy|lanes|anew|goes_on|held_against"
    tests = re.compile(rf"\bdef test_(?:\w+_)?(?:{words})(?:_\w+)?\b")
    found = [f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
             for place, pattern in (("autograder", own), ("tests", tests)) for path in listed(place)
             if path.suffix == ".py" and path.relative_to(ROOT).as_posix() not in FORMER
             for number, line in lines_of(path)
             if pattern.search(HANDED_OUT.sub("", line))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("line", [
    "What stands in the cell", "The batch goes on.", "staff are told why", "Mend it", "two lanes",
    "held against limits",
])
def test_unwanted_words_are_found(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "page.md").write_text(line)
    assert findings(tmp_path / "page.md", WORDS)


def test_ids_that_students_have_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "page.md").write_text("store it as `mended_model`; it stands for a network; test-mend")
    assert not findings(tmp_path / "page.md", WORDS)
