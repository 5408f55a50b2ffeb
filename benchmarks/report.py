"""What was measured as tables, for the terminal and for docs/operating/performance.md. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.bare import Bare
from benchmarks.ours import DURING_NEXT, Graded
from benchmarks.rival import Rival

THROUGHPUT = {1: 4.5, 2: 2.5}
"""Required ratio of our throughput to that of so many processes of nbgrader or Otter."""
OVERHEAD_SECONDS = 1.5
LIMIT = 1.25
"""Required: so many times bare training in two processes, with gradebook and feedback."""
REGRADE_SECONDS = 0.15
MEMORY_MIB = 250.0
BEGIN = "<!-- measured: begin -->"
END = "<!-- measured: end -->"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table with a title; the first column names things, the others hold figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Everything that one run of the benchmarks found out; what was left out is empty.

    ``runs`` are batches of ours and of other graders in the order in which they ran. ``limit`` are seconds per
    submission of bare training in two processes; ``without_runs`` those of commands that run no notebook.
    """

    runs: tuple[Graded | Rival, ...] = ()
    bare: Bare | None = None
    limit: float | None = None
    without_runs: Mapping[str, float] = field(default_factory=dict)
    stages: Mapping[str, float] | None = None
    micro: Mapping[str, float] | None = None

    @property
    def graded(self) -> tuple[Graded, ...]:
        """Our runs."""
        return tuple(run for run in self.runs if isinstance(run, Graded))

    def workers(self, count: int) -> Graded | None:
        """Return our first run with so many workers."""
        return next((graded for graded in self.graded if graded.workers == count), None)

    def mean_of_neighbours(self, place: int) -> float | None:
        """Return our seconds per submission with two workers: the mean of the runs just before and just after a place.

        Shared machines become faster and slower within minutes; what ran next to each other is compared.
        """
        def nearest(runs: Iterable[Graded | Rival]) -> list[float]:
            return [run.per_submission for run in runs if isinstance(run, Graded) and run.workers == 2][:1]

        found = nearest(reversed(self.runs[:place])) + nearest(self.runs[place + 1:])
        return sum(found) / len(found) if found else None


def tables(found: Measured) -> list[Table]:
    """Return all tables for which there are figures."""
    kinds = (throughput, limit, without_runs, overhead, memory, where, micro)
    made = [kind(found) for kind in kinds]
    return [table for table in made if table is not None and table.rows]


def throughput(found: Measured) -> Table | None:
    """Our two workers compared with one and two processes of other graders, in the order in which they ran."""
    rows = []
    for place, run in enumerate(found.runs):
        if isinstance(run, Graded):
            repeated = f", {run.repeated} trainings repeated" if run.repeated else ""
            rows.append((f"autograder, {run.workers} worker{'s' * (run.workers > 1)}{repeated}",
                         *_pace(run.wall, run.cpu, len(run.results)), "", "", ""))
            continue
        ours, required = found.mean_of_neighbours(place), THROUGHPUT[run.processes]
        ratio = run.per_submission / ours if ours else None
        rows.append((f"{run.tool}, {run.processes} process{'es' * (run.processes > 1)}",
                     *_pace(run.wall, run.cpu, run.count), f"{ratio:.2f} ×" if ratio else "", f"{required:.1f} ×",
                     "" if ratio is None else _met(ratio >= required)))
    columns = ("", "s", "s each", "CPU s each", "per hour", "ours is faster", "required", "")
    count = len(found.graded[0].results) if found.graded else 0
    return Table(title=f"Throughput, {count} submissions, two workers compared with "
                       "other graders", columns=columns, rows=tuple(rows))


def _pace(wall: float, cpu: float, count: int) -> tuple[str, str, str, str]:
    return f"{wall:.1f}", f"{wall / count:.2f}", f"{cpu / count:.2f}", f"{3600 * count / wall:.0f}"


def limit(found: Measured) -> Table | None:
    """Two workers, from the start of the command to the last page, against two processes that only train."""
    both = [run.per_submission for run in found.graded if run.workers == 2]
    if not both or not found.limit or "feedback" not in found.without_runs:
        return None
    ours = sum(both) / len(both) + found.without_runs["feedback"]
    rows = (
        ("the same code in two warm processes, no checks, no figures drawn", f"{found.limit:.2f}", "", "", ""),
        ("autograder, 2 workers, with start, gradebook and feedback", f"{ours:.2f}", f"{ours / found.limit:.2f} ×",
         f"≤ {LIMIT:.2f} ×", _met(ours / found.limit <= LIMIT)),
    )
    return Table(title="Compared with bare training in two processes",
                 columns=("", "s per submission", "ratio", "required", ""), rows=rows)


def without_runs(found: Measured) -> Table | None:
    """What the commands cost that run no notebook, their start included."""
    names = {"feedback": "drawing the pages", "regrade": "a check has changed: stored work is judged again",
             "again": "the same bytes handed in again: collected and graded"}
    required = {"regrade": REGRADE_SECONDS}
    rows = tuple((names[name], f"{seconds:.3f}", f"≤ {required[name]}" if name in required else "",
                  _met(seconds <= required[name]) if name in required else "")
                 for name, seconds in found.without_runs.items())
    return Table(title="Where no notebook runs", columns=("", "s per submission", "required", ""), rows=rows)


def overhead(found: Measured) -> Table | None:
    """One worker against the same code in one warm process."""
    ours = found.workers(1)
    if ours is None or found.bare is None:
        return None
    extra = ours.above_startup - found.bare.mean
    rows = (
        ("autograder, 1 worker, start left out", f"{ours.above_startup:.2f}", "", ""),
        ("the same code in one warm process, no checks, no figures drawn", f"{found.bare.mean:.2f}", "", ""),
        ("what grading costs above it", f"{extra:.2f}", f"≤ {OVERHEAD_SECONDS}", _met(extra <= OVERHEAD_SECONDS)),
        ("start of the command, once per batch", f"{ours.startup:.2f}", "", ""),
    )
    return Table(title="Overhead", columns=("", "s per submission", "required", ""), rows=rows)


def memory(found: Measured) -> Table | None:
    """The largest child compared with the bare training."""
    if not found.graded or found.bare is None:
        return None
    ours = max(graded.peak_memory_mib for graded in found.graded)
    extra = ours - found.bare.memory_mib
    rows = (
        ("largest child", f"{ours:.0f}", "", ""),
        ("bare training", f"{found.bare.memory_mib:.0f}", "", ""),
        ("child beyond the training", f"{extra:.0f}", f"≤ {MEMORY_MIB:.0f}", _met(extra <= MEMORY_MIB)),
    )
    return Table(title="Private memory", columns=("", "MiB", "required", ""), rows=rows)


def where(found: Measured) -> Table | None:
    """Where the time of one submission goes, in a run with one worker."""
    if not found.stages:
        return None
    total = sum(seconds for name, seconds in found.stages.items() if not name.startswith(DURING_NEXT))
    rows = tuple((name, f"{seconds:.3f}", f"{seconds / total:.0%}") for name, seconds in found.stages.items())
    return Table(title="Where the time of one submission goes (1 worker)", columns=("stage", "s", "share"), rows=rows)


def micro(found: Measured) -> Table | None:
    """Seconds from a request to the reaped child."""
    rows = tuple((name, f"{seconds:.3f}") for name, seconds in (found.micro or {}).items())
    return Table(title="From the request to the reaped child", columns=("", "s (median)"), rows=rows)


def _met(met: bool) -> str:
    return "met" if met else "NOT MET"


def markdown(table: Table) -> str:
    """Return a table as Markdown under a heading."""
    lines = [f"### {table.title}", "", _line(table.columns), "|" + "---|" * len(table.columns)]
    return "\n".join([*lines, *map(_line, table.rows)]) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def put_between(page: str, content: str, *, begin: str = BEGIN, end: str = END, gap: str = "\n\n") -> str:
    """Return the page with new content between its two markers, ``gap`` around it.

    Raises:
        ValueError: a marker is missing.
    """
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"The page needs the markers {begin} and {end}; put them back.")
    return f"{before}{begin}{gap}{content.strip()}{gap}{end}{after}"
