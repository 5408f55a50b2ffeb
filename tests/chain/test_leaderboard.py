"""`autograder leaderboard` from real results: nickname, accuracy and size are what the grader itself found."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.slow
BOARD = "    leaderboard: {task: evaluate, name: leaderboard_name, metric: fit/model}\n"
NAMED = '"""With a nickname."""\n# %% [evaluate]\n' \
        "test_loss, test_accuracy = model.evaluate(X_test, Y_test, verbose=0)\nleaderboard_name = {name!r}\n"
SMALLER = '''
# %% [fit]
model = keras.Sequential(
    [keras.Input(shape=(784,)), keras.layers.Dense(31, activation="relu"), keras.layers.Dense(10, activation="softmax")]
)
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
history = model.fit(X_train, Y_train, batch_size=32, epochs=2, verbose=0)
'''


@pytest.fixture(scope="module")
def graded(shared_classroom: Any) -> Any:
    """Five students: two with one name, one with another's id, one without a name, one who broke a rule of the task."""
    settings = shared_classroom.root / "course.yml"
    settings.write_text(settings.read_text() + BOARD)
    names = {"student-1": "Ada <b>", "student-2": "ada <b>", "student-3": "hello student-1", "student-4": ""}
    notebooks = {student: shared_classroom.made_of(NAMED.format(name=name)) for student, name in names.items()}
    notebooks["student-5"] = shared_classroom.made_of(NAMED.format(name="Too small") + SMALLER)
    shared_classroom.hand_in(notebooks)
    results = shared_classroom.grade()
    assert {student: result.score for student, result in results.items()} == {
        **dict.fromkeys(names, 10.0), "student-5": 9.0}
    return shared_classroom


def test_the_board_names_nicknames_only(graded: Any) -> None:
    run = graded.command("leaderboard", "mini", "--stand-in", "--early")
    assert run.returncode == 0, run.stderr
    rows = run.stdout.splitlines()[1:]
    assert len(rows) == 3 and all(row.split()[0] == "1" and row.split()[-1] == "25,450" for row in rows), run.stdout
    assert "Ada <b>" in run.stdout and "ada <b> (2)" in run.stdout and "(a name that is not shown)" in run.stdout
    assert "student-" not in run.stdout + run.stderr and "Too small" not in run.stdout


def test_the_page_is_written(graded: Any) -> None:
    page = graded.root / "board.html"
    run = graded.command("leaderboard", "mini", "--stand-in", "--early", "--html", str(page))
    assert run.returncode == 0, run.stderr
    text = page.read_text()
    assert "Ada &lt;b&gt;" in text and "<b>" not in text and "student-" not in text


def test_before_the_deadline_it_is_refused_unless_asked_for(graded: Any) -> None:
    refused = graded.command("leaderboard", "mini", "--stand-in")
    assert refused.returncode == 2 and not refused.stdout
    assert "2030-01-31 23:59" in refused.stderr and "--early" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_after_the_deadline_it_needs_no_asking(graded: Any) -> None:
    settings = graded.root / "course.yml"
    before = settings.read_text()
    settings.write_text(before.replace("due: 2030", "due: 2020"))
    try:
        shown = graded.command("leaderboard", "mini", "--stand-in")
    finally:
        settings.write_text(before)
    assert shown.returncode == 0 and "Ada <b>" in shown.stdout, shown.stderr


def test_an_assignment_without_a_leaderboard_is_one_sentence(classroom: Any) -> None:
    run = classroom.command("leaderboard", "mini", "--stand-in")
    assert run.returncode == 2 and "leaderboard: {task" in run.stderr and len(run.stderr.strip().splitlines()) == 1


def test_a_slip_in_its_settings_names_the_nearest_key(classroom: Any) -> None:
    settings = classroom.root / "course.yml"
    settings.write_text(settings.read_text() + BOARD.replace("metric", "metrik"))
    run = classroom.command("leaderboard", "mini", "--stand-in")
    assert run.returncode == 2 and "did you mean 'metric'?" in run.stderr
