"""The documentation tells the truth: fields, commands and exit codes."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from autograder.cli import EXIT_CODES, cli
from autograder.model import CellRun, CheckResult, Execution, Provenance, Result, TaskResult

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(cli.list_commands(click.Context(cli)))


@pytest.mark.parametrize("kind", [Result, TaskResult, CheckResult, Execution, CellRun, Provenance])
def test_every_field_of_a_result_is_documented(kind: type) -> None:
    page = (ROOT / "docs/reference/result.md").read_text(encoding="utf-8")
    undocumented = [name for name in kind.model_fields if f"`{name}`" not in page]
    assert not undocumented


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_text(name: str) -> None:
    outcome = CliRunner().invoke(cli, [name, "--help"])
    assert outcome.exit_code == 0
    assert len(outcome.output.splitlines()) > 4


def test_every_exit_code_is_in_the_readme() -> None:
    for code, meaning in EXIT_CODES.items():
        assert f"| {code} |" in README, meaning


def test_every_command_of_the_readme_exists() -> None:
    used = set(re.findall(r"^autograder (\w+)", README, flags=re.MULTILINE))
    assert used and used <= set(COMMANDS)


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`?make (\w+)", README)) - {"the"}:
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_links_of_the_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
