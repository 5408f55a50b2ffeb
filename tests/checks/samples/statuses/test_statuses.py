"""One check per way to end."""

import pytest

from autograder.checks import CheckFailed, Unjudged


@pytest.mark.task("late", points=1, basis="measured", needs=["fails"])
def test_first_in_the_file(student):
    """Runs after what it needs, although it comes before."""


@pytest.mark.task("one", points=1, basis="measured")
def test_passes(student):
    """Passes. This second sentence is for instructors."""


@pytest.mark.task("one", points=2, basis="measured")
def test_fails(student):
    """Fails
    with a message of three parts."""
    raise CheckFailed("Seen.", "Expected.", "Hint.")


@pytest.mark.task("one", points=1, basis="measured", needs=["first_in_the_file"])
def test_grandchild(student):
    """Blocked by the check that failed, not by the one between."""


@pytest.mark.task("one", points=1, basis="measured")
def test_cannot_judge(student):
    """Cannot be judged."""
    raise Unjudged("Nobody knows.", "for staff")


@pytest.mark.task("one", points=1, basis="measured", needs=["cannot-judge"])
def test_waits(student):
    """Waits for a person."""


@pytest.mark.task("one", points=1, basis="measured", needs=["cannot-judge", "fails"])
def test_certain(student):
    """Blocked for certain, whatever a person decides."""


@pytest.mark.task("one", points=1, basis="measured")
def test_plain_assert(student):
    """A plain assert judges, but its text stays with the staff."""
    secret = 41
    assert secret == 42


@pytest.mark.task("one", points=1, basis="measured")
def test_breaks(student):
    """Breaks."""
    raise KeyError("the secret of the check")


@pytest.mark.task("one", points=1, basis="measured")
def test_leaves(student):
    """Leaves."""
    raise SystemExit(0)


@pytest.mark.task("one", points=1, basis="measured")
def test_skips(student):
    """Skips."""
    pytest.skip("not today")


@pytest.mark.task("one", points=1, basis="measured")
def test_interrupts(student):
    """Interrupts the run."""
    raise KeyboardInterrupt


@pytest.mark.task("one", points=1, basis="measured")
def test_ends_the_session(student):
    """Ends the session."""
    pytest.exit("all of it")


@pytest.fixture
def broken():
    assert False, "a fixture's assert is the grader's own"  # noqa: B011  (as people write it)


@pytest.mark.task("one", points=1, basis="measured")
def test_broken_fixture(broken):
    """Has a fixture that breaks."""


@pytest.fixture
def breaks_at_the_end():
    yield
    raise RuntimeError("cleaning up failed")


@pytest.mark.task("one", points=1, basis="measured")
def test_broken_end(breaks_at_the_end):
    """Breaks after it passed."""


@pytest.mark.task("unmatched", points=1, basis="measured")
def test_of_an_unmatched_task(student):
    """Belongs to an answer that cannot be found."""


@pytest.mark.task("never", points=1, basis="measured")
def test_of_a_task_never_reached(student):
    """Belongs to a task that was not reached."""
    raise AssertionError("must not run")


@pytest.mark.task("blank", points=1, basis="measured", needs=["fails"])
def test_of_a_blank_task(student):
    """Belongs to a task without an answer."""


@pytest.mark.task("one", points=1, basis="measured")
def test_claims_in_secret(student):
    """Says measured and repeats a claim."""
    student.figures().at_least(0)


@pytest.mark.task("last", points=1, basis="claimed")
def test_after_all_that(student):
    """Still runs."""


@pytest.mark.task("last", points=1, basis="claimed")
def test_labels_of_nothing(student):
    """Looks at a figure of a training that never ran."""
    student.figures().is_labelled("nobody")


@pytest.mark.task("one", points=1, basis="claimed")
def test_labels_in_the_first_task(student):
    """Looks at such a figure in the first task, before which nothing failed."""
    student.figures().is_labelled("nobody")
