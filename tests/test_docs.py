"""The documentation tells the truth: commands, settings, exit codes, fields, statuses, packages, links and words."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import get_args

import click
import pytest
from click.testing import CliRunner

from autograder import __version__
from autograder.cli import EXIT_CODES, cli
from autograder.model import (
    Basis,
    CellRun,
    CellStatus,
    CheckResult,
    Ending,
    Execution,
    Isolation,
    Provenance,
    Refit,
    Result,
    Status,
    TaskResult,
)

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md"))
TOP = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")]
README = (ROOT / "README.md").read_text(encoding="utf-8")
RESULT_PAGE = (DOCS / "reference/result.md").read_text(encoding="utf-8")
COMMANDS = sorted(cli.list_commands(click.Context(cli)))


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["commands.md", "course-yml.md", "vocabulary.md", "exit-codes.md"])
def test_generated_pages_are_what_the_code_says(generator: ModuleType, name: str) -> None:
    written = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert written == generator.PAGES[name](), "run `make docs` and commit docs/reference"


def test_what_has_no_description_is_refused(generator: ModuleType) -> None:
    @click.command(help="A command.")
    @click.option("--silent", is_flag=True)
    def command() -> None: ...

    with pytest.raises(generator.Undescribed, match="autograder x --silent"):
        list(generator._command(command, click.Context(command), "autograder x"))
    with pytest.raises(generator.Undescribed, match="autograder y"):
        list(generator._command(click.Command("y"), click.Context(command), "autograder y"))
    with pytest.raises(generator.Undescribed, match="secret"):
        list(generator._settings({"title": "Form", "properties": {"secret": {"type": "string"}}}))


@pytest.mark.parametrize("kind", [Result, TaskResult, CheckResult, Execution, CellRun, Provenance, Refit])
def test_every_field_of_a_result_is_documented(kind: type) -> None:
    undocumented = [name for name in kind.model_fields if f"`{name}`" not in RESULT_PAGE]
    assert not undocumented


@pytest.mark.parametrize("kind", [Status, Basis, Ending, Isolation, CellStatus])
def test_every_status_is_documented(kind: type[StrEnum]) -> None:
    assert not [value for value in kind if f"`{value}`" not in RESULT_PAGE]


def test_every_status_of_a_whole_result_is_documented() -> None:
    statuses = get_args(Result.model_fields["status"].annotation)
    assert statuses and not [value for value in statuses if f"`{value}`" not in RESULT_PAGE]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_text(name: str) -> None:
    outcome = CliRunner().invoke(cli, [name, "--help"])
    assert outcome.exit_code == 0
    assert len(outcome.output.splitlines()) > 4


def test_every_exit_code_is_documented() -> None:
    page = (DOCS / "reference/exit-codes.md").read_text(encoding="utf-8")
    for code, meaning in EXIT_CODES.items():
        assert f"| {code} |" in page, meaning


@pytest.mark.parametrize("page", [*TOP, *PAGES], ids=relative)
def test_every_command_of_a_page_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    used = set(re.findall(r"^(?:    )?autograder (?!NAME)(?:--\S+ \S+ )*([a-z]+)\b", text, flags=re.MULTILINE))
    assert used <= set(COMMANDS)


@pytest.mark.parametrize("page", [*TOP, *PAGES], ids=relative)
def test_every_make_target_of_a_page_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"`make (\w+)", text) + re.findall(r"^make (\w+)", text, flags=re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


@pytest.mark.parametrize("page", [*TOP, *PAGES], ids=relative)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


WIDEST = 200
"""Characters of a line of prose, so that a diff shows what changed; a row of a table can't be broken."""


@pytest.mark.parametrize("page", [*TOP, *PAGES, ROOT / "tests/attacks/README.md"], ids=relative)
def test_lines_can_be_read(page: Path) -> None:
    long = [f"line {number} has {len(line)} characters: {line[:60]}…"
            for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
            if len(line) > WIDEST and not line.lstrip().startswith("|")]
    assert not long, f"wrap what is longer than {WIDEST} characters"


def test_the_readme_is_an_entry() -> None:
    """One picture, which is there, and a term in nine lines of one command each."""
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert len(pictures) == 1 and (ROOT / pictures[0]).read_bytes().startswith(b"\x89PNG")
    term = re.search(r"^## A term\n+```console\n(.*?)```", README, re.MULTILINE | re.DOTALL)
    assert term is not None and len(term[1].splitlines()) == 9
    assert all(re.match(r"(autograder|nbgrader) \w+", line) for line in term[1].splitlines())


def test_every_page_is_in_the_table_of_contents() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    names = [str(page.relative_to(DOCS).with_suffix("")) for page in PAGES]
    assert not [name for name in names if name != "index" and not re.search(rf"^{name}$", index, re.MULTILINE)]


def test_the_drawn_packages_are_the_real_ones() -> None:
    page = (DOCS / "design/architecture.md").read_text(encoding="utf-8")
    match = re.search(r"```text\nautograder/\n(.*?)```", page, re.DOTALL)
    assert match is not None
    drawn: list[str] = []
    above: list[str] = []
    for line in match[1].splitlines():
        found = re.match(r"^((?:  )+)(\w+)/  +\S", line)
        assert found, f"a line of the tree is a folder and what it does: {line!r}"
        above[len(found[1]) // 2 - 1:] = [found[2]]
        drawn.append("/".join(above))
    package = ROOT / "autograder"
    real = sorted(str(path.parent.relative_to(package)) for path in package.rglob("*/__init__.py"))
    assert sorted(drawn) == real


@pytest.mark.parametrize("page", sorted((DOCS / "design").glob("*.md")), ids=relative)
def test_the_design_names_modules_that_exist(page: Path) -> None:
    for name in set(re.findall(r"`(autograder(?:\.\w+)+)`", page.read_text(encoding="utf-8"))):
        path = ROOT.joinpath(*name.split("."))
        assert path.is_dir() or path.with_suffix(".py").exists(), name


def test_the_glossary_names_each_term_once() -> None:
    page = (DOCS / "reference/glossary.md").read_text(encoding="utf-8")
    terms = re.findall(r"^(\S.*)\n: ", page, flags=re.MULTILINE)
    assert len(terms) > 20 and len(set(terms)) == len(terms)
    assert terms == sorted(terms, key=str.casefold)


def test_the_changes_name_the_version_of_the_package() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\S+)", changes, flags=re.MULTILINE)
    assert versions[0] == "Unreleased" and versions[1] == __version__


@pytest.mark.slow
def test_the_pages_build_without_a_warning(tmp_path: Path) -> None:
    built = subprocess.run([sys.executable, "-m", "sphinx", "-q", "-W", "-n", "--keep-going", "-b", "html", str(DOCS),
                            str(tmp_path / "html"), "-d", str(tmp_path / "trees")], capture_output=True, text=True,
                           check=False)
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "html/index.html").exists()
