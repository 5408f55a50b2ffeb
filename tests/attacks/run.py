"""Grade single attacks and say what they got: ``python -m tests.attacks.run NAME… [--mode full] [--show]``."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from autograder.model import CellStatus, Isolation
from tests.attacks.attack import CORPUS, MODES, REAL_CORPUS, SMALL, Attack, load_all, read_attack
from tests.attacks.batch import Batch, run_batch
from tests.attacks.classroom import Classroom, make_classroom, offered_modes, stand_in_cache, with_limits
from tests.attacks.real import RealClassroom, make_real_classroom, run_real_batch


def main() -> None:
    """Grade the named attacks (or all of a family) among the neighbours and print what became of them."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("names", nargs="+", help="attacks or families")
    arguments.add_argument("--mode", choices=MODES, help="isolation mode; the best one without")
    arguments.add_argument("--show", action="store_true", help="print every check and the notebook too")
    arguments.add_argument("--alone", action="store_true",
                           help="on a real assignment: without the honest students, whose trainings take longest")
    arguments.add_argument("--patient", action="store_true",
                           help="on the small assignment: six times the time limits, for a busy machine")
    given = arguments.parse_args()
    mode = Isolation(given.mode) if given.mode else offered_modes()[0]
    chosen = _chosen(given.names)
    for assignment in dict.fromkeys(attack.assignment for attack in chosen):
        with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
            Path(folder).chmod(0o755)
            made = _classroom(Path(folder), assignment, accompanied=not given.alone)
            if given.patient and assignment == SMALL:
                with_limits(made, cell="60 s", notebook="150 s")
            _grade(made, [one for one in chosen if one.assignment == assignment], mode, show=given.show)


def _classroom(folder: Path, assignment: str, *, accompanied: bool) -> Classroom:
    cache = stand_in_cache(folder / "stand-in")
    if assignment == SMALL:
        return make_classroom(folder, cache)
    return make_real_classroom(folder, cache, assignment, accompanied=accompanied)


def _grade(room: Classroom, attacks: list[Attack], mode: Isolation, *, show: bool) -> None:
    """Grade attacks on one assignment, and print what became of them."""
    batch = (run_real_batch(room, attacks, mode) if isinstance(room, RealClassroom) else
             run_batch(room, attacks, mode, compare=False))
    complaint = batch.complaint if batch.code else ""
    print(f"{room.assignment}: exit code {batch.code}, feedback {batch.feedback_code}", complaint)
    for line in batch.left:
        print("LEFT", line)
    for student in batch.room.neighbours:
        result = batch.results[student]
        print(f"{student}: {result.score:g}, {result.execution.seconds if result.execution else 0:.1f} s")
    for rank, name in getattr(batch, "board", ()):
        print(f"board: {rank} {name!r}")
    for attack in batch.attacks:
        tell(batch, attack, show=show)


def _chosen(names: list[str]) -> list[Attack]:
    paths = [path for name in names for corpus in (CORPUS, REAL_CORPUS) for path in corpus.glob(f"*/{name}.py")]
    if {path.stem for path in paths} == {*names}:
        # Others may be half written.
        return [read_attack(path) for path in paths]
    chosen = [attack for attack in load_all() if attack.name in names or attack.family in names]
    if not chosen:
        raise SystemExit(f"None of {', '.join(names)} is an attack or a family.")
    return chosen


def tell(batch: Batch, attack: Attack, *, show: bool) -> None:
    """Print the result of one attack."""
    result = batch.results.get(attack.name)
    if result is None:
        print(f"\n{attack.name}: NO RESULT")
        return
    found = batch.problems(attack)
    ending = result.execution.ending if result.execution else "-"
    seconds = result.execution.seconds if result.execution else 0
    print(f"\n{attack.name}: {'holds' if not found else 'GETS THROUGH'} ({result.status}, {ending}, {seconds:.1f} s)")
    for sentence in found:
        print("   !!", sentence)
    for check in (check for task in result.tasks for check in task.checks):
        if not (show or check.earned or check.status.withheld):
            continue
        told = check.staff_note or check.seen or ""
        print(f"   {check.earned!s:>5}/{check.points:g} {check.status:12} {check.id}: {told}"[:180])
    for run in result.execution.cells if result.execution else ():
        if run.status not in (CellStatus.OK, CellStatus.NOT_RUN) and "does not exist" not in str(run.error):
            print(f"   cell {run.index}: {run.status} {run.error or ''}"[:180])
    for flag in result.staff_flags:
        print("   flag:", flag[:300])
    if show:
        print(batch.told(attack.name).get("the executed notebook", ""))


if __name__ == "__main__":
    main()
