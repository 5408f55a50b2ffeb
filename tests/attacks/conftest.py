"""One batch of all attacks per isolation mode: `pytest --modes=all tests/attacks` tries every mode of this machine.

Attacks on real assignments are one batch per mode and assignment. With `--rotate`, a run takes the part that its commit
chooses: the small corpus whole in the first mode and a third of it in the others, and a third of the real assignments,
in one mode.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from autograder.model import Isolation
from tests.attacks.attack import Attack, load_corpus, load_real
from tests.attacks.batch import Batch, run_batch
from tests.attacks.classroom import make_classroom, offered_modes, stand_in_cache
from tests.attacks.real import RealBatch, make_real_classroom, run_real_batch
from tests.rotation import commit, turn

THIRDS = 3
"""In so many parts the attacks of later modes, and the real assignments, are divided for `--rotate`."""
collect_ignore = ["corpus", "corpus_real", "course"]  # what is handed in is never imported, whatever it is called


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--modes` and `--rotate`."""
    parser.addoption("--modes", default="best", help="best, all, or names such as full,restricted")
    parser.addoption("--rotate", action="store_true",
                     help="a third of the attacks in every mode but the first, and those on a third of the real "
                          "assignments in one of the modes; each commit chooses another part")


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say in which modes attacks run."""
    real = f"{', '.join(real_assignments(config))} ({', '.join(real_modes(config))})"
    by = f", chosen by commit {commit()[:12] or 'none'}" if config.getoption("--rotate", default=False) else ""
    small = ", ".join(f"{mode.value} ({len(small_corpus(config, mode))})" for mode in chosen_modes(config))
    return [f"attacks: {small}; on real assignments: {real}{by}"]


def small_corpus(config: pytest.Config, mode: Isolation) -> list[Attack]:
    """Return the attacks on the small assignment for one mode: all, or with `--rotate` a third in later modes."""
    shown = [attack for attack in load_corpus() if mode.value in attack.modes]
    if not config.getoption("--rotate", default=False) or mode in chosen_modes(config)[:1]:
        return shown
    return shown[turn(THIRDS)::THIRDS]


def real_modes(config: pytest.Config) -> list[Isolation]:
    """Return the modes to try on real assignments: all chosen ones, or with `--rotate` one of them."""
    modes = chosen_modes(config)
    return modes[turn(len(modes)):][:1] if config.getoption("--rotate", default=False) else modes


def real_assignments(config: pytest.Config) -> list[str]:
    """Return the assignments to attack: all that have attacks, or with `--rotate` a third of them."""
    counted = Counter(attack.assignment for attack in load_real())
    if not config.getoption("--rotate", default=False):
        return sorted(counted)
    # Those with most attacks are in different parts.
    ordered = sorted(counted, key=lambda name: (-counted[name], name))
    return sorted(ordered[turn(THIRDS, after=len(chosen_modes(config)))::THIRDS])


def chosen_modes(config: pytest.Config) -> list[Isolation]:
    """Return the modes to try; none where the machine offers none."""
    # The option is only known where these tests were named on the command line.
    wanted = config.getoption("--modes", default="best")
    offered = offered_modes()
    if wanted in ("best", "all"):
        return offered[:1] if wanted == "best" else offered
    names = wanted.split(",")
    missing = [name for name in names if name not in [mode.value for mode in offered]]
    if missing:
        raise pytest.UsageError(f"--modes: {missing[0]} was requested, but this machine offers "
                                f"{', '.join(offered) or 'no isolation'}.")
    return [mode for mode in offered if mode.value in names]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test of ``mode`` every mode, one of ``attack`` too every attack in every mode that shows it.

    A test of ``assignment`` or of ``real_attack`` is one of the attacks on real assignments.
    """
    names = metafunc.fixturenames
    if "mode" not in names:
        return
    modes = real_modes(metafunc.config) if {"assignment", "real_attack"} & {*names} else chosen_modes(metafunc.config)
    if "attack" in names:
        _each_attack(metafunc, "attack", {mode: small_corpus(metafunc.config, mode) for mode in modes})
    elif "real_attack" in names:
        chosen = real_assignments(metafunc.config)
        shown = [one for one in load_real() if one.assignment in chosen]
        _each_attack(metafunc, "real_attack",
                     {mode: [one for one in shown if mode.value in one.modes] for mode in modes})
    elif "assignment" in names:
        pairs = [(mode, name) for mode in modes for name in real_assignments(metafunc.config)]
        metafunc.parametrize(("mode", "assignment"), pairs, ids=[f"{mode}-{name}" for mode, name in pairs],
                             scope="session")
    else:
        metafunc.parametrize("mode", modes, ids=[mode.value for mode in modes], scope="session")


def _each_attack(metafunc: pytest.Metafunc, name: str, attacks: Mapping[Isolation, Sequence[Attack]]) -> None:
    """One test per mode and attack; one that is known to get through has to, until somebody closes its hole."""
    pairs = [
        pytest.param(mode, one, id=f"{mode}-{one.family}-{one.name}",
                     marks=[pytest.mark.xfail(reason=one.fails, strict=True)] if one.fails else [])
        for mode, shown in attacks.items() for one in shown]
    metafunc.parametrize(("mode", name), pairs)


@pytest.fixture(scope="session")
def batches(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Callable[[Isolation], Batch]:
    """Return a function: mode → its batch, graded on first use."""
    made: dict[Isolation, Batch] = {}

    def batch(mode: Isolation) -> Batch:
        if mode not in made:
            folder = tmp_path_factory.mktemp(f"attacks-{mode.value}")
            room = make_classroom(folder, stand_in_cache(tmp_path_factory.getbasetemp() / "stand-in"))
            made[mode] = run_batch(room, small_corpus(pytestconfig, mode), mode)
        return made[mode]

    return batch


@pytest.fixture(scope="session")
def real_batches(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Isolation, str], RealBatch]:
    """Return a function: mode and assignment → its batch, graded on first use."""
    made: dict[tuple[Isolation, str], RealBatch] = {}

    def batch(mode: Isolation, assignment: str) -> RealBatch:
        if (mode, assignment) not in made:
            folder = tmp_path_factory.mktemp(f"attacks-{mode.value}-{assignment}")
            cache = stand_in_cache(tmp_path_factory.getbasetemp() / "stand-in")
            attacks = [attack for attack in load_real() if attack.assignment == assignment]
            made[mode, assignment] = run_real_batch(make_real_classroom(folder, cache, assignment), attacks, mode)
        return made[mode, assignment]

    return batch


@pytest.fixture
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the embedded digits."""
    return stand_in_cache(tmp_path_factory.getbasetemp() / "stand-in")
