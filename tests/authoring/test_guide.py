"""docs/authoring/from-idea-to-grades.md, followed literally: from `pip install` of the wheel to the table of grades."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/authoring/from-idea-to-grades.md"
REFUSED = "autograder release --no-proof peppers"
"""The one command that the page shows to be refused."""


class Block(NamedTuple):
    """A fenced block of the page, with its language and the paragraph before it."""

    language: str
    text: str
    before: str


def blocks(page: str) -> Iterator[Block]:
    end = 0
    for found in re.finditer(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        before = page[end : found.start()].strip().split("\n\n")[-1]
        yield Block(found[1], found[2], before)
        end = found.end()


def file_of(block: Block) -> str:
    """Return the path that the sentence before a file names."""
    named = re.findall(r"`([\w./-]+/[\w.-]+)`:$", block.before)
    assert len(named) == 1, f"the sentence before a file ends with its path: {block.before[-80:]!r}"
    return str(named[0])


def first_missing(shown: str, printed: str) -> str | None:
    """Return the first line of a shown output that was not printed after the one before it; ``…`` is any text."""
    lines = iter(printed.splitlines())
    for line in shown.splitlines():
        parts = (re.escape(part.strip()) for part in line.split("…"))
        wanted = re.compile(r".*?".join(rf"\s*{part}\s*" for part in parts))
        if line.strip() != "…" and not any(wanted.fullmatch(one) for one in lines):
            return line
    return None


class Reader:
    """Does what the page says: one shell for all commands, as in a terminal."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.environment = environment
        self.state = folder / "shell-state"
        self.place = folder / "empty"
        self.place.mkdir()
        self.state.write_text(f"cd {self.place}\n")

    def run(self, commands: str) -> str:
        """Run the commands of one block and return what they print; each has to succeed."""
        keep = 'echo "cd $(printf %q "$PWD")" > "$STATE"; export -p >> "$STATE"; declare -p files >> "$STATE" || true'
        stop = "" if commands.strip() == REFUSED else "set -e\n"
        script = f"source {self.state}\nSTATE={self.state}\n{stop}{commands}\nset +e\n{{ {keep}; }} 2>/dev/null\n"
        done = subprocess.run(["bash", "-uo", "pipefail", "-c", script], env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        assert done.returncode == 0, f"{commands}\n{done.stdout[-3000:]}"
        return done.stdout

    def write(self, name: str, content: str) -> None:
        folder = Path(self.state.read_text().splitlines()[0].removeprefix("cd "))
        assert not (folder / name).exists() and (folder / name).parent.is_dir(), name
        (folder / name).write_text(content)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of somebody who has nothing of this repository, where pip finds the wheel of this version."""
    folder = tmp_path_factory.mktemp("wheel")
    own = ("PYTHON", "AUTOGRADER", "VIRTUAL", "PYTEST")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    kept["PATH"] = os.pathsep.join(place for place in kept["PATH"].split(os.pathsep)
                                   if not (Path(place).parent / "pyvenv.cfg").is_file())
    pip = [sys.executable, "-m", "pip"]
    offered = subprocess.run([*pip, "download", "--quiet", "--no-deps", "--dest", folder, "tomli==2.2.1"], env=kept,
                             capture_output=True, check=False)
    if offered.returncode:
        pytest.skip("pip can download nothing here, and the page begins with pip install")
    subprocess.run([*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
    (built,) = folder.glob("keras_autograder-*.whl")
    constraints = folder / "constraints.txt"
    # In exactly the version of this checkout, so that no other one is taken from an index.
    version = built.name.split("-")[1]
    constraints.write_text(f"{(ROOT / 'requirements.lock').read_text()}\nkeras-autograder=={version}\n")
    links = f"{kept.get('PIP_FIND_LINKS', '')} {folder}".strip()
    return kept | {"PIP_CONSTRAINT": str(constraints), "PIP_FIND_LINKS": links}


def test_lines_of_an_output_are_compared_in_order() -> None:
    printed = "made it\na  1 / 2   fine\nb  2 / 2\n"
    assert first_missing("a … fine\n…\nb 2 / 2".replace("b 2", "b  2"), printed) is None
    assert first_missing("b … 2\na … fine", printed) == "a … fine"
    assert first_missing("made", printed) == "made"


@pytest.mark.slow
@pytest.mark.rotates(part=0)
def test_the_guide_is_followed_from_the_installation_to_the_grades(
    environment: dict[str, str], tmp_path: Path
) -> None:
    reader, printed, done = Reader(tmp_path, environment), "", []
    for block in blocks(PAGE.read_text(encoding="utf-8")):
        if block.language == "console":
            printed = reader.run(block.text)
        elif block.language == "python":
            reader.write(file_of(block), block.text)
        else:
            assert block.language == "text", f"nobody knows what to do with a block of {block.language}"
            missing = first_missing(block.text, printed)
            assert missing is None, f"the page shows {missing!r}, but this was printed:\n{printed[-3000:]}"
        done.append(block.language)
    assert done[:2] == ["console", "console"] and done[-1] == "text" and done.count("python") == 2
    course = reader.place / "greenhouse"
    assert "cleo,0.0,19.0,graded" in printed and (course / "grades.csv").is_file()
    assert (reader.place / ".venv/bin/autograder").is_file()
    page = (course / "feedback/ben/peppers/peppers.html").read_text(encoding="utf-8")
    assert "mean_absolute_error" in page or "absolute error" in page
