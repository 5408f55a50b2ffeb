"""What an attack got from a rival, and the table of it for docs/operating/security.md. Pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks import report
from benchmarks.attacks_asserts import POINTS
from benchmarks.attacks_container import Reply
from tests.attacks.attack import Attack
from tests.attacks.judge import leaks

BEGIN, END = "<!-- rivals: begin -->", "<!-- rivals: end -->"
FAMILIES = ("score_channel", "harness", "leakage")
WIDTH = 170  # of a line of the page
FACTS = """\
`nbgrader autograde` {nbgrader} (60 s per cell, missing test cells put back) and `otter run` {otter} (tests in its default format, all hidden) graded each attack in a separate
container, without network and privileges, on the assignment of the corpus. Their hidden tests assert what a student's kernel can know (`benchmarks/attacks_asserts.py`);
both give the solution full marks and the blank notebook none. Files of the corpus are run as they are. Where the mechanism has another spelling there, a second file, in
`benchmarks/attacks_rivals/`, is run too (*form of*). Much of `score_channel` and some of `harness` goes for files and objects of our recorder, which neither of them has:
that nothing got through there says little.

*Points* are those of tasks that the honest part has not earned; the assignment has 13. *Sees* names secrets that the attack's own cells printed; what a test's traceback
shows is not counted. Otter shows the student no executed notebook, but code that sees the tests can answer them. *Reaches what it tried*: it did what isolation should
prevent, such as reading another process. {late} of {count} runs ended without a grade, mostly since the kernel was gone. *autograder*: measured points gained or secrets seen, as
`tests/attacks` and `tests/benchmarks/test_attacks.py` assert of the same files.
"""  # noqa: E501  (lines as in the page)
_POINT = 1e-9
_PROOF = "19090 if "
"""Attacks that cannot print what they reached answer a task rightly only when they succeeded."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """An attack as it is run: of the corpus, or the form that its mechanism has where another grader is attacked.

    ``of`` is the attack of the corpus whose form this is, empty for the corpus itself.
    """

    attack: Attack
    against: tuple[str, ...]
    of: str = ""

    @property
    def proves(self) -> bool:
        """Whether the points that it takes say that it reached something, not that it forged an answer."""
        return _PROOF in self.attack.path.read_text()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one form got from one rival.

    Attributes:
        gained: points of tasks that its honest part has not earned.
        seen: where the secrets lay that its code got hold of.
        code: exit status of the rival; None where time ran out.
    """

    rival: str
    name: str
    gained: dict[str, float] = field(default_factory=dict)
    seen: tuple[str, ...] = ()
    reached: bool = False
    code: int | None = 0
    seconds: float = 0.0

    @property
    def through(self) -> bool:
        """Whether it got what it must not get."""
        return bool(self.gained or self.seen)

    def words(self) -> str:
        """The cell of the table."""
        said = []
        if self.reached:
            said.append("reaches what it tried")
        elif self.gained:
            total = sum(self.gained.values())
            said.append(f"**{total:g}** point{'s' * (total != 1)}")
        if self.seen:
            said.append("sees " + ", ".join(self.seen))
        return "; ".join(said) or ("–" if self.code == 0 else "– (not graded)")

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Outcome:
        """Return what ``to_dict`` gave."""
        return cls(**{**found, "seen": tuple(found["seen"])})


def judge(form: Form, rival: str, reply: Reply, canaries: Mapping[str, str]) -> Outcome:
    """Return what an attack got: points that are not its honest part's, more points than a task has, secrets."""
    gained = {}
    for task, score in reply.scores.items():
        allowed = POINTS.get(task, 0) if task in form.attack.honest else 0
        if not score <= allowed + _POINT:  # so that NaN counts
            gained[task] = score - allowed
    seen = [re.sub(".*the secret of: ", "", sentence) for sentence in leaks({"": reply.outputs}, canaries)]
    reached = form.proves and set(gained) == {"parameters"}
    return Outcome(rival=rival, name=form.attack.name, gained=gained, seen=tuple(sorted(seen)), reached=reached,
                   code=reply.code, seconds=reply.seconds)


def unfair(rival: str, solution: Reply, blank: Reply) -> str | None:
    """Return why a comparison would be void: the solution must have full marks, the blank notebook none."""
    lost = [task for task, points in POINTS.items() if solution.scores.get(task) != points]
    if lost:
        return f"{rival} takes points of the solution for {', '.join(lost)}: {solution.said[-600:]}"
    won = [task for task, points in blank.scores.items() if points]
    if won or set(POINTS) - set(blank.scores):
        return f"{rival} gives the blank notebook {won or 'no score'}: {blank.said[-600:]}"
    return None


def page(forms: Sequence[Form], outcomes: Sequence[Outcome], facts: str) -> str:
    """Return the text between the markers of docs/operating/security.md.

    Args:
        facts: what stands above the tables.
    """
    found = {(outcome.rival, outcome.name): outcome for outcome in outcomes}
    rows = [form for form in forms if any(_through(found, rival, form) for rival in ("nbgrader", "otter"))]
    quiet = [form.attack.name for form in forms if form not in rows and not form.of
             and all((rival, form.attack.name) in found for rival in form.against)]
    lines = [facts, *_table(("family", "forms run", "nbgrader", "Otter", "autograder"),
                                 [_family(family, forms, found) for family in FAMILIES])]
    lines += ["", *_table(("attack", "form of", "nbgrader", "Otter"), [_row(form, found) for form in rows])]
    if quiet:
        told = "Nothing got through in either, in the form of the corpus: " + ", ".join(f"`{name}`" for name in quiet)
        lines += ["", *textwrap.wrap(told + ".", WIDTH, break_long_words=False, break_on_hyphens=False)]
    return "\n".join(lines)


def _through(found: Mapping[tuple[str, str], Outcome], rival: str, form: Form) -> bool:
    outcome = found.get((rival, form.attack.name))
    return outcome is not None and outcome.through


def _family(family: str, forms: Sequence[Form], found: Mapping[tuple[str, str], Outcome]) -> tuple[str, ...]:
    own = [form for form in forms if form.attack.family == family]
    cells = []
    for rival in ("nbgrader", "otter"):
        run = [form for form in own if (rival, form.attack.name) in found]
        won = sum(_through(found, rival, form) for form in run)
        cells.append(f"{won} of {len(run)}")
    claimed = sum(form.attack.claimed == "open" for form in own)
    ours = "0" + (f" ({claimed} keep{'s' * (claimed == 1)} claimed points, named above)" if claimed else "")
    return f"`{family}`", str(len(own)), *cells, f"{ours} of {len(own)}"


def _row(form: Form, found: Mapping[tuple[str, str], Outcome]) -> tuple[str, ...]:
    cells = [found[rival, form.attack.name].words() if (rival, form.attack.name) in found else ""
             for rival in ("nbgrader", "otter")]
    return f"`{form.attack.name}`", f"`{form.of}`" if form.of else "", *cells


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]


def put_between(text: str, content: str) -> str:
    """Return docs/operating/security.md with new content between its markers; see `benchmarks.report.put_between`."""
    return report.put_between(text, content, begin=BEGIN, end=END, gap="\n")
