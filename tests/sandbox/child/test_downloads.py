"""What Keras would download is found among the released files, or named in one sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import sys
import keras
from keras.src.utils import file_utils
from autograder.sandbox.child.student.downloads import answer_downloads
answer_downloads({"weights": sys.argv[1] + "/weights", "rows.csv": sys.argv[1] + "/rows.csv"})
for get_file in (keras.utils.get_file, file_utils.get_file):
    print(get_file(origin="https://example.org/rows.csv"), get_file("net.h5", "https://example.org/x", cache_dir="m"))
    print(get_file("pets.tar.gz", origin="https://example.org/pets.tar.gz", extract=True))
for wanted in ({"fname": "other.h5"}, {"origin": "https://example.org/all.zip", "extract": True}, {}):
    try:
        keras.utils.get_file(**wanted)
    except OSError as error:
        print(error)
try:
    keras.applications.MobileNetV2(input_shape=(96, 96, 3), include_top=False, weights="imagenet")
except OSError as error:
    print(error)
"""


@pytest.mark.slow
def test_released_files_answer_and_others_are_named(tmp_path: Path) -> None:
    (tmp_path / "weights" / "pets").mkdir(parents=True)
    (tmp_path / "weights" / "net.h5").touch()
    (tmp_path / "rows.csv").touch()
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, timeout=600,
                          check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.splitlines()
    assert lines[:4] == 2 * [f"{tmp_path}/rows.csv {tmp_path}/weights/net.h5", f"{tmp_path}/weights/pets"]
    missing = "weights and data must be shipped: the instructor adds them to the assignment's folder"
    assert all(missing in line for line in lines[4:]) and len(lines) == 8
    assert lines[4].startswith("`other.h5` would have to be downloaded")
    assert lines[5].endswith("unpacked, as `all`.")
    assert lines[7].startswith("`mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_96_no_top.h5` would")
