"""Data sets: where they come from, what is refused, and what reaches a student's process."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder.artifacts.npz import NpzLimits
from autograder.artifacts.sampling import bytes_digest
from autograder.data import (
    DataSet,
    Prepared,
    dataset,
    prepare,
    prepare_own,
    prepare_whole,
    resolve,
    stand_in,
    standin,
)
from autograder.errors import DataError

HOLDOUT = slice(5_000, 10_000)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def digits(cache: Path) -> DataSet:
    """The stand-in, made once for all tests here."""
    return stand_in(cache)


@pytest.fixture(scope="session")
def small() -> DataSet:
    """A data set of MNIST's test shapes with random pixels and few training images."""
    random = np.random.default_rng(5)
    arrays = {"x_train": random.integers(0, 256, (500, 28, 28), np.uint8),
              "y_train": random.integers(0, 10, 500, np.uint8),
              "x_test": random.integers(0, 256, (10_000, 28, 28), np.uint8),
              "y_test": random.integers(0, 10, 10_000, np.uint8)}
    return DataSet(name="stand-in", fingerprint=dataset.fingerprint(arrays), arrays=arrays)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Expect few images, and so smaller files: writing 55 MB for each test would take minutes."""
    shapes = {name: (shape[0] // 100, *shape[1:]) for name, shape in dataset.SHAPES.items()}
    monkeypatch.setattr(dataset, "SHAPES", shapes)
    monkeypatch.setattr(dataset, "LIMITS", NpzLimits(packed=2 << 20, unpacked=2 << 20, members=4))


@pytest.fixture
def home(tmp_path: Path, few: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keras's own cache, empty."""
    place = tmp_path / "keras"
    place.mkdir()
    monkeypatch.setattr(dataset, "KERAS_CACHE", place)
    return place


def blank() -> dict[str, np.ndarray]:
    return {name: np.zeros(shape, np.uint8) for name, shape in dataset.SHAPES.items()}


@pytest.mark.slow
def test_the_stand_in_has_mnists_form(digits: DataSet) -> None:
    assert {name: array.shape for name, array in digits.arrays.items()} == dict(dataset.SHAPES)
    assert all(array.dtype == np.uint8 for array in digits.arrays.values())
    for name in ("y_train", "y_test"):
        shares = np.bincount(digits.arrays[name]) / len(digits.arrays[name])
        assert len(shares) == 10 and shares.min() > 0.07 and shares.max() < 0.13
    images = digits.arrays["x_train"]
    assert images.max() == 255 and 25 < images.mean() < 50 and 70 < images.std() < 90
    assert not images[:, 0, 0].any() and not images[:, -1, -1].any()  # a dark ground, as MNIST's
    centre = np.arange(28) @ images.sum(axis=(0, 1)) / images.sum()
    assert centre == pytest.approx(13.5, abs=0.5)
    assert len(np.unique(images[:2_000].reshape(2_000, -1), axis=0)) == 2_000  # no image twice


@pytest.mark.slow
def test_every_machine_makes_the_same_stand_in(digits: DataSet) -> None:
    assert digits.fingerprint == "af461a3b064ade4f"
    assert digits.name == "stand-in"


@pytest.mark.slow
def test_the_same_digits_come_out_twice_and_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standin, "TRAIN_IMAGES", 300)
    monkeypatch.setattr(standin, "TEST_IMAGES", 100)
    told: list[float] = []
    first, again = standin.make(told.append), standin.make()
    assert dataset.fingerprint(first) == dataset.fingerprint(again) == "d49cb135b685cfbd"
    assert told == sorted(told) and told[-1] == 1.0


def test_training_and_test_images_come_from_different_originals(monkeypatch: pytest.MonkeyPatch) -> None:
    marked = np.zeros((1_797, 28, 28))
    marked[:, 4:24, 4:24] = (np.arange(1_797) % 200 + 20)[:, None, None]  # survives warping: the brightest pixel
    group = (np.arange(1_797) // 200).astype(np.uint8)
    monkeypatch.setattr(standin, "_originals", lambda: (marked, group))
    monkeypatch.setattr(standin, "_CONTRAST", 1.0)
    monkeypatch.setattr(standin, "TRAIN_IMAGES", 2 * standin.TRAIN_ORIGINALS)
    monkeypatch.setattr(standin, "TEST_IMAGES", 2 * (1_797 - standin.TRAIN_ORIGINALS))
    arrays = standin.make()
    seen = {part: {(int(label), int(image.max())) for label, image in
                   zip(arrays[f"y_{part}"], arrays[f"x_{part}"], strict=True)} for part in ("train", "test")}
    assert len(seen["train"]) == standin.TRAIN_ORIGINALS and len(seen["test"]) == 1_797 - standin.TRAIN_ORIGINALS
    assert not seen["train"] & seen["test"]


@pytest.mark.slow
def test_the_stand_in_is_kept_and_read_again(
    digits: DataSet, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standin, "make", lambda _: pytest.fail("it was made again"))
    again = stand_in(cache)
    assert again.fingerprint == digits.fingerprint
    assert not list(cache.glob(".*"))


@pytest.mark.parametrize("damage", ["cut", "junk", "other"])
def test_a_damaged_cache_is_made_again(damage: str, few: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / f"stand-in-{standin.RECIPE}.npz"
    np.savez(kept, x=np.zeros(1_000_000, np.uint8))
    if damage != "other":
        kept.write_bytes(kept.read_bytes()[:500_000] if damage == "cut" else b"junk")
    made = blank() | {"y_test": np.full(100, 3, np.uint8)}
    monkeypatch.setattr(standin, "make", lambda _: made)
    assert stand_in(tmp_path).fingerprint == dataset.fingerprint(made)
    monkeypatch.setattr(standin, "make", lambda _: pytest.fail("it was not kept"))
    assert (stand_in(tmp_path).arrays["y_test"] == 3).all()


def test_the_named_folder_comes_before_kerass_cache_before_the_stand_in(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, cache = tmp_path / "named", tmp_path / "cache"
    named.mkdir()

    def labels(folder: Path | None, allowed: bool) -> tuple[str, int]:
        found = resolve(folder, cache=cache, allow_stand_in=allowed)
        return found.name, int(found.arrays["y_test"][0])

    monkeypatch.setattr(standin, "make", lambda _: blank() | {"y_test": np.full(100, 3, np.uint8)})
    assert labels(named, True) == ("stand-in", 3)
    np.savez(home / "mnist.npz", **blank() | {"y_test": np.full(100, 2, np.uint8)})
    assert labels(named, False) == ("mnist", 2)
    np.savez(named / "mnist.npz", **blank() | {"y_test": np.full(100, 1, np.uint8)})
    assert labels(named, True) == ("mnist", 1)
    assert labels(None, False) == ("mnist", 2)


def test_the_stand_in_is_refused_unless_allowed(tmp_path: Path, home: Path) -> None:
    with pytest.raises(DataError, match=r"AUTOGRADER_DATA.*--stand-in\."):
        resolve(None, cache=tmp_path, allow_stand_in=False)


def archive(**members: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(f"{name}.npy", content)
    return whole.getvalue()


def stored(**arrays: np.ndarray) -> bytes:
    whole = io.BytesIO()
    np.savez(whole, **arrays)
    return whole.getvalue()


@pytest.mark.parametrize("content, said", [
    (lambda: b"", "cannot be read"),
    (lambda: b"<html>not found</html>", "cannot be read"),
    (lambda: stored(x=np.arange(3)), "it has x"),
    (lambda: stored(**{k: v for k, v in blank().items() if k != "y_test"}), "it has x_test, x_train, y_train"),
    (lambda: stored(**blank() | {"x_test": np.zeros((10, 28, 28), np.uint8)}), "x_test"),
    (lambda: stored(**blank() | {"y_test": np.zeros(100, np.float32)}), "y_test"),
    (lambda: stored(**blank() | {"y_test": np.full(100, -1)}), "y_test"),
    (lambda: stored(**blank() | {"y_test": np.full(100, 300)}), "y_test"),
    (lambda: stored(**blank() | {"y_test": np.full(100, 10, np.uint8)}), "y_test"),
    (lambda: stored(**blank() | {"y_test": np.array([object()])}), "cannot be read"),
    (lambda: archive(x_train=b"\0" * (3 << 20)), "cannot be read"),
], ids=["empty", "html", "names", "missing", "shape", "float", "negative", "large", "no-digit", "pickle", "bomb"])
def test_a_foreign_file_is_refused_in_a_sentence(
    content: object, said: str, tmp_path: Path, home: Path
) -> None:
    (tmp_path / "mnist.npz").write_bytes(content())  # type: ignore[operator]  # a parameter
    with pytest.raises(DataError) as refused:
        resolve(tmp_path, cache=tmp_path, allow_stand_in=True)
    message = str(refused.value)
    assert said in message and message.endswith(".") and "\n" not in message and str(tmp_path) not in message


def test_a_file_far_too_large_is_not_read(tmp_path: Path, home: Path) -> None:
    with (tmp_path / "mnist.npz").open("wb") as out:
        out.truncate(1 << 40)
    with pytest.raises(DataError, match="far larger"):
        resolve(tmp_path, cache=tmp_path, allow_stand_in=True)


def test_no_holdout_row_reaches_a_student(small: DataSet, tmp_path: Path) -> None:
    prepared = prepare(small, tmp_path)
    with np.load(prepared.student, allow_pickle=False) as student:
        files = dict(student)
    for name in ("x_train", "y_train"):
        assert np.array_equal(files[name], small.arrays[name])
    for name in ("x_test", "y_test"):
        assert files[name].shape == small.arrays[name].shape
        assert np.array_equal(files[name][:5_000], small.arrays[name][:5_000])
        assert np.array_equal(files[name][HOLDOUT], small.arrays[name][:5_000])
    held = {image.tobytes() for image in small.arrays["x_test"][HOLDOUT]}
    assert not held & {image.tobytes() for image in np.concatenate([files["x_train"], files["x_test"]])}


def test_the_published_recipe_has_the_whole_test_set_in_a_place_of_its_own(small: DataSet, tmp_path: Path) -> None:
    for_students, whole = prepare(small, tmp_path), prepare_whole(small, tmp_path)
    assert for_students.student != whole.student and (whole.name, whole.fingerprint) == (small.name, small.fingerprint)
    with np.load(whole.student, allow_pickle=False) as files:
        assert all(np.array_equal(files[name], small.arrays[name]) for name in small.arrays)
    with np.load(prepare(small, tmp_path).student, allow_pickle=False) as files:
        assert not np.array_equal(files["x_test"], small.arrays["x_test"])


def test_data_of_a_notebooks_own_are_no_images_at_all(tmp_path: Path) -> None:
    first, second = prepare_own("abc", tmp_path), prepare_own("def", tmp_path)
    assert (first.name, first.fingerprint, second.fingerprint) == ("own", "abc", "def")
    assert np.load(first.test_images).shape == (0, 28, 28) and len(np.load(first.holdout_labels)) == 0


def test_no_byte_of_the_holdout_lies_in_a_file_that_students_see(small: DataSet, tmp_path: Path) -> None:
    prepared = prepare(small, tmp_path)
    images, labels = small.arrays["x_test"][HOLDOUT], small.arrays["y_test"][HOLDOUT]
    for path in (prepared.student, prepared.train_images, prepared.train_labels, prepared.test_images,
                 prepared.test_labels):
        content = path.read_bytes()
        assert not any(content.count(labels[at : at + 50].tobytes()) for at in range(0, 5_000, 500))
        assert not any(content.count(images[at].tobytes()) for at in range(0, 5_000, 500))
    assert labels.tobytes() in prepared.holdout_labels.read_bytes()  # it would have been found
    assert labels[:50].tobytes() not in prepared.evaluation_images.read_bytes()


@pytest.mark.parametrize("name", ["savez", "save"])
def test_a_write_that_fails_leaves_nothing_behind(
    name: str, small: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: object, **__: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(np, name, full)
        with pytest.raises(OSError, match="No space"):
            prepare(small, tmp_path)
    assert not list((tmp_path / "data").iterdir())
    assert prepare(small, tmp_path).student.is_file()


def test_the_graders_side_has_the_rest(small: DataSet, tmp_path: Path) -> None:
    prepared = prepare(small, tmp_path)
    x_test, y_test = small.arrays["x_test"], small.arrays["y_test"]
    assert np.array_equal(np.load(prepared.evaluation_images, mmap_mode="r"), x_test)
    assert np.array_equal(np.load(prepared.holdout_labels), y_test[HOLDOUT])
    assert np.array_equal(np.load(prepared.train_images, mmap_mode="r"), small.arrays["x_train"])
    assert np.array_equal(np.load(prepared.train_labels), small.arrays["y_train"])
    assert np.array_equal(np.load(prepared.test_images)[HOLDOUT], x_test[:5_000])
    assert np.array_equal(np.load(prepared.test_labels)[HOLDOUT], y_test[:5_000])
    assert prepared.holdout_labels.stat().st_mode & 0o777 == 0o600
    assert (prepared.name, prepared.fingerprint) == (small.name, small.fingerprint)


def test_what_every_student_loads_is_measured_once(small: DataSet, tmp_path: Path) -> None:
    """Of the test images those that students have: the withheld ones leave no trace in a mean."""
    prepared = prepare(small, tmp_path)
    facts = json.loads(prepared.public.read_bytes())
    for fact, path in zip(facts, (prepared.train_images, prepared.test_images), strict=True):
        array = np.load(path)
        assert (fact["dtype"], fact["digest"]) == (array.dtype.str, bytes_digest(array).hex())
        numbers = fact["statistics"]
        assert (numbers["min"], numbers["max"], numbers["nan"], numbers["inf"]) == (array.min(), array.max(), 0, 0)
        assert numbers["mean"] == pytest.approx(array.mean()) and numbers["std"] == pytest.approx(array.std())


def test_children_with_other_user_ids_can_read_their_files_whatever_the_umask(
    small: DataSet, tmp_path: Path
) -> None:
    before = os.umask(0o077)
    try:
        prepared = prepare(small, tmp_path)
    finally:
        os.umask(before)
    assert prepared.student.parent.stat().st_mode & 0o777 == 0o755
    for path in (prepared.student, prepared.train_images, prepared.test_images, prepared.evaluation_images):
        assert path.stat().st_mode & 0o777 == 0o644
    assert prepared.holdout_labels.stat().st_mode & 0o777 == 0o600


def test_preparing_twice_writes_once(small: DataSet, tmp_path: Path) -> None:
    first = prepare(small, tmp_path)
    stamp = first.student.stat()
    assert prepare(small, tmp_path) == first
    assert (first.student.stat().st_ino, first.student.stat().st_mtime_ns) == (stamp.st_ino, stamp.st_mtime_ns)
    assert [path.name for path in (tmp_path / "data").iterdir()] == [first.student.parent.name]


def test_what_a_dead_command_left_is_replaced(small: DataSet, tmp_path: Path) -> None:
    folder = prepare(small, tmp_path).student.parent
    (folder / "complete-4").unlink()
    (folder / "student.npz").write_bytes(b"half")
    with np.load(prepare(small, tmp_path).student) as student:
        assert len(student["y_train"]) == 500


def test_another_command_that_was_faster_is_no_error(
    small: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = np.savez

    def slowly(path: Path, **arrays: np.ndarray) -> None:
        monkeypatch.setattr(np, "savez", save)
        prepare(small, tmp_path)  # the other command, from start to end
        save(path, **arrays)

    monkeypatch.setattr(np, "savez", slowly)
    assert prepare(small, tmp_path).student.is_file()
    assert len(list((tmp_path / "data").iterdir())) == 1


def test_true_mnist_is_recognised(true_mnist: Path, tmp_path: Path) -> None:
    found = resolve(true_mnist, cache=tmp_path, allow_stand_in=False)
    assert found.name == "mnist"
    assert found.arrays["y_train"][:5].tolist() == [5, 0, 4, 1, 9] and found.arrays["y_test"][0] == 7


def test_data_needs_no_framework() -> None:
    code = "import sys, autograder.data; print(sorted({'tensorflow', 'keras', 'sklearn'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.slow
def test_models_learn_the_stand_in_about_as_fast_as_mnist(digits: DataSet) -> None:
    from sklearn.linear_model import LogisticRegression

    x, y = digits.arrays["x_train"][:6_000].reshape(6_000, -1) / 255.0, digits.arrays["y_train"][:6_000]
    model = LogisticRegression(max_iter=30, tol=1e-2).fit(x, y)
    accuracy = model.score(digits.arrays["x_test"].reshape(10_000, -1) / 255.0, digits.arrays["y_test"])
    assert 0.8 < accuracy < 0.96


@pytest.mark.parametrize("lay_out", [prepare, prepare_whole])
def test_labels_are_those_of_the_rows_that_a_model_is_asked_about(
    tmp_path: Path, lay_out: Callable[[DataSet, Path], Prepared]
) -> None:
    """Withheld rows are anywhere in a data set that a course declares."""
    rows, labels = np.arange(80.0).reshape(40, 2), np.arange(40)
    withheld = np.sort(np.random.RandomState(0).permutation(40)[:15])
    made = lay_out(DataSet(name="d", fingerprint="f", kind="table", withheld=withheld, arrays={
        "x_train": rows, "y_train": labels, "x_test": rows, "y_test": labels}), tmp_path)
    asked, (shown, last) = np.load(made.evaluation_images), made.load_labels()
    assert (len(shown), len(last)) == (25, 15)
    assert np.array_equal(asked[:, 0], 2 * np.concatenate([shown, last]))
    assert np.array_equal(asked[:25], np.load(made.test_images)[:25])
