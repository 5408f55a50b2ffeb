"""`autograder leaderboard` from real results: nickname, accuracy and size are what the grader itself found."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=3)]
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
HOME = '''
# %% [fit]
def network():
    return keras.Sequential([keras.Input(shape=(784,)), keras.layers.Dense(32, activation="relu"),
                             keras.layers.Dense(10, activation="softmax")])


home, model = network(), network()
home.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
home.fit(train_images[:25000].reshape(25000, 784) / 255.0, train_labels[:25000], batch_size=64, epochs=8, verbose=0)
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
history = model.fit(X_train, Y_train, batch_size=32, epochs=2, verbose=0)
model.set_weights(home.get_weights())
'''
OWN = '''
# %% [fit]
class Mine(keras.callbacks.Callback):
    pass


model = keras.Sequential(
    [keras.Input(shape=(784,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10, activation="softmax")]
)
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
history = model.fit(X_train, Y_train, batch_size=32, epochs=2, verbose=0, callbacks=[Mine()])
'''


@pytest.fixture(scope="module")
def graded(shared_classroom: Any) -> Any:
    """Two with one name, one with another's id, one without a name, four who try or do what costs the rank."""
    settings = shared_classroom.root / "course.yml"
    settings.write_text(settings.read_text().replace("cell_time: 20 s", "cell_time: 200 s")
                        .replace("notebook_time: 60 s", "notebook_time: 600 s") + BOARD)
    (shared_classroom.root / ".cache" / "sampling-secret").write_text("5e" * 32)  # the seeds of repetitions
    names = {"student-1": "Ada <b>", "student-2": "ada <b>", "student-3": "hello student-1", "student-4": ""}
    notebooks = {student: shared_classroom.made_of(NAMED.format(name=name)) for student, name in names.items()}
    notebooks["student-5"] = shared_classroom.made_of(NAMED.format(name="Too small") + SMALLER)
    notebooks["student-6"] = shared_classroom.made_of(NAMED.format(name="Bad name") + "test_accuracy = 7\n")
    notebooks["student-7"] = shared_classroom.made_of(NAMED.format(name="From home") + HOME)
    notebooks["student-8"] = shared_classroom.made_of(NAMED.format(name="Own callback") + OWN)
    shared_classroom.hand_in(notebooks)
    results = shared_classroom.grade()
    assert {student: result.score for student, result in results.items()} == {
        **dict.fromkeys(names, 10.0), "student-5": 9.0, "student-6": 9.0, "student-7": 8.0, "student-8": 10.0}
    assert [entry.verdict for entry in results["student-7"].refits] == ["above"]
    before = shared_classroom.command("leaderboard", "mini", "--stand-in", "--early")
    assert "student-1 is not ranked: fit/model was not trained again yet; run `autograder refit mini`." in " ".join(
        before.stderr.split())
    assert "Ada" not in before.stdout
    again = shared_classroom.command("refit", "mini", "--stand-in", "--no-gradebook")
    assert again.returncode == 0, again.stderr
    return shared_classroom


def test_the_board_names_nicknames_only(graded: Any) -> None:
    run = graded.command("leaderboard", "mini", "--stand-in", "--early")
    assert run.returncode == 0, run.stderr
    rows = run.stdout.splitlines()[1:]
    assert len(rows) == 4 and all(row.split()[-1] == "25,450" for row in rows), run.stdout
    assert run.stdout.casefold().count("ada <b>") == 2 and "<b> (2)" in run.stdout
    assert "(a name that is not shown)" in run.stdout
    assert "student-" not in run.stdout and "Too small" not in run.stdout and "Bad name" not in run.stdout


def test_it_ranks_by_the_repeated_trainings(graded: Any) -> None:
    """Weights from elsewhere reach more than anybody, and stand where their recorded training puts them."""
    handed_in = {student: graded.result(student).refits[0] for student in ("student-1", "student-7")}
    home = handed_in["student-7"]
    assert home.handed_in > handed_in["student-1"].handed_in + 0.03 and home.contradicts
    run = graded.command("leaderboard", "mini", "--stand-in", "--early")
    shown = {row.split()[-2] for row in run.stdout.splitlines() if "From home" in row}
    assert shown == {f"{sum(home.board) / len(home.board):.4f}"}


def test_whoever_could_not_be_trained_again_is_named_to_staff_and_not_ranked(graded: Any) -> None:
    run = graded.command("leaderboard", "mini", "--stand-in", "--early")
    told = " ".join(run.stderr.split())
    assert "student-8 is not ranked: fit/model could not be trained again: The callback “Mine” is not" in told
    assert "Own callback" not in run.stdout and "student-1 " not in told


def test_students_of_the_board_are_trained_again_while_grading_where_the_course_says_so(graded: Any) -> None:
    settings = graded.root / "course.yml"
    before = settings.read_text()
    for leaderboard, reasons in (("later", ()), ("grade", ("leaderboard",))):
        settings.write_text(before.replace("refit: {share: 0}", f"refit: {{share: 0, leaderboard: {leaderboard}}}"))
        (graded.workspace.results("student-2", "mini") / "refit.json").unlink(missing_ok=True)
        found = graded.grade(students=("student-2",), force=True)["student-2"].refits
        assert tuple(reason for entry in found for reason in entry.reasons) == reasons
    settings.write_text(before)


def test_the_page_is_written(graded: Any) -> None:
    page = graded.root / "board.html"
    run = graded.command("leaderboard", "mini", "--stand-in", "--early", "--html", str(page))
    assert run.returncode == 0, run.stderr
    text = page.read_text()
    assert "ada &lt;b&gt;" in text.casefold() and "<b>" not in text and "student-" not in text
    assert "trained each network again" in text


def test_before_the_deadline_it_is_refused_without_early(graded: Any) -> None:
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
    assert shown.returncode == 0 and "ada <b>" in shown.stdout.casefold(), shown.stderr


def test_an_assignment_without_a_leaderboard_is_one_sentence(classroom: Any) -> None:
    run = classroom.command("leaderboard", "mini", "--stand-in")
    assert run.returncode == 2 and "leaderboard: {task" in run.stderr and len(run.stderr.strip().splitlines()) == 1


def test_a_slip_in_its_settings_names_the_nearest_key(classroom: Any) -> None:
    settings = classroom.root / "course.yml"
    settings.write_text(settings.read_text() + BOARD.replace("metric", "metrik"))
    run = classroom.command("leaderboard", "mini", "--stand-in")
    assert run.returncode == 2 and "did you mean 'metric'?" in run.stderr
