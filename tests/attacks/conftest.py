"""One batch of all attacks per isolation mode: `pytest --modes=all tests/attacks` tries every mode of this machine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.model import Isolation
from tests.attacks.attack import load_corpus
from tests.attacks.batch import Batch, run_batch
from tests.attacks.classroom import make_classroom, offered_modes, stand_in_cache

collect_ignore = ["corpus", "corpus_real", "course"]  # what is handed in here is never imported, whatever it is called


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--modes`."""
    parser.addoption("--modes", default="best", help="best, all, or names such as full,restricted")


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
        raise pytest.UsageError(f"--modes: {missing[0]} was asked for, but this machine offers "
                                f"{', '.join(offered) or 'no isolation'}.")
    return [mode for mode in offered if mode.value in names]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test of ``mode`` every mode, one of ``mode`` and ``attack`` every attack in every mode that shows it."""
    names = metafunc.fixturenames
    if "mode" not in names:
        return
    modes = chosen_modes(metafunc.config)
    if "attack" not in names:
        metafunc.parametrize("mode", modes, ids=[mode.value for mode in modes], scope="session")
        return
    pairs = [(mode, attack) for mode in modes for attack in load_corpus() if mode.value in attack.modes]
    metafunc.parametrize(("mode", "attack"), pairs, ids=[f"{mode}-{one.family}-{one.name}" for mode, one in pairs])


@pytest.fixture(scope="session")
def batches(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Isolation], Batch]:
    """Return a function: mode → its batch, graded when first asked for."""
    made: dict[Isolation, Batch] = {}

    def batch(mode: Isolation) -> Batch:
        if mode not in made:
            folder = tmp_path_factory.mktemp(f"attacks-{mode.value}")
            room = make_classroom(folder, stand_in_cache(tmp_path_factory.getbasetemp() / "stand-in"))
            made[mode] = run_batch(room, load_corpus(), mode)
        return made[mode]

    return batch
