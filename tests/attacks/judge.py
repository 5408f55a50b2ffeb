"""What an attack must not get, as functions that return sentences: none means that it got nothing."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path

from autograder.model import Basis, CheckResult, Result, Status
from tests.attacks.attack import Attack

_POINT = 1e-9


def problems(attack: Attack, result: Result, told: Mapping[str, str], canaries: Mapping[str, str],
             open_holes: str, baseline: Result | None = None) -> list[str]:
    """Return one sentence per thing that the attack got and should not have, or that staff should see and do not.

    Args:
        told: place → text of everything that the student gets.
        canaries: where a secret was planted → the secret.
        open_holes: docs/operating/security.md, which has to name an attack that is declared open.
        baseline: what the same submission earns with the attacked answers left blank, which is allowed too.
    """
    return [*ended_badly(attack, result), *gained(attack, result, open_holes, baseline), *leaks(told, canaries),
            *unflagged(attack, result)]


def ended_badly(attack: Attack, result: Result) -> list[str]:
    """The submission must have been graded; only bytes that are no notebook may be refused."""
    allowed = ("graded", "refused") if attack.raw else ("graded",)
    found = [] if result.status in allowed else [f"status {result.status}: {result.message}"]
    return found + [f"check {check.id} broke: {check.staff_note}" for check in _checks(result)
                    if check.status is Status.ERRORED]


def gained(attack: Attack, result: Result, open_holes: str = "", baseline: Result | None = None) -> list[str]:
    """Points beyond those of the honest part: measured ones never, claimed ones only as declared."""
    checks = _checks(result)
    blank = {check.id: check.earned or 0.0 for check in _checks(baseline)} if baseline else {}
    found = []
    for basis in Basis:
        allowed = sum(check.points if attack.may_earn(check) else blank.get(check.id, 0.0)
                      for check in checks if check.basis is basis)
        earned = sum(check.earned or 0.0 for check in checks if check.basis is basis)
        if earned <= allowed + _POINT:
            continue
        if basis is Basis.CLAIMED and attack.claimed == "open":
            if attack.name not in open_holes:
                found.append(f"declared open, but docs/operating/security.md does not name {attack.name}")
            continue
        won = [one.id for one in checks if one.earned and one.basis is basis and not attack.may_earn(one)]
        found.append(f"{earned:g} {basis} points instead of at most {allowed:g}: {', '.join(won)}")
    if abs(result.score - sum(check.earned or 0.0 for check in checks)) > _POINT:
        found.append(f"the score {result.score:g} is not the sum of its checks")
    return found


def leaks(told: Mapping[str, str], canaries: Mapping[str, str]) -> list[str]:
    """Secrets in what a student gets, also in another coding."""
    found = []
    for place, text in told.items():
        digits = re.sub(r"(?<=\d)\D{1,3}(?=\d)", "", text)
        for origin, secret in canaries.items():
            shapes = (secret, secret[::-1], secret.encode().hex(), base64.b64encode(secret.encode()).decode()[:-4])
            where = digits if secret.isdigit() else text
            if any(shape in where for shape in (shapes[:1] if secret.isdigit() else shapes)):
                found.append(f"{place} holds the secret of: {origin}")
    return found


def unflagged(attack: Attack, result: Result) -> list[str]:
    """An attack that can be told from an accident has to be shown to staff."""
    return ["staff are not told"] if attack.flagged and not staff_notes(result) else []


def staff_notes(result: Result) -> list[str]:
    """Return what the class report says for staff about a result."""
    checks = [check for check in _checks(result) if check.status.withheld]
    return [*result.staff_flags, *(f"{check.id}: {check.staff_note or check.seen or check.status}" for check in checks)]


def told_to_student(result: Result, executed: Path, page: Path) -> dict[str, str]:
    """Return everything that a student gets, by place; of a refused upload there is no executed notebook."""
    silent = {"staff_note": None}
    tasks = [task.model_copy(update={"checks": tuple(check.model_copy(update=silent) for check in task.checks)})
             for task in result.tasks]
    shown = result.model_copy(update={"staff_flags": (), "tasks": tuple(tasks)})
    told = {"the result": shown.to_json(), "the feedback page": page.read_text(errors="replace")}
    if executed.is_file():
        told["the executed notebook"] = executed.read_text(errors="replace")
    return told


def _checks(result: Result) -> list[CheckResult]:
    return [check for task in result.tasks for check in task.checks]
