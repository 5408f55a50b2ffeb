"""What notebooks bring along from Colab and from other machines does no harm, and nothing that was drawn is lost."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.artifacts import read
from autograder.workspace.artifact_folder import FolderSource

pytestmark = pytest.mark.slow


def clean(ran: Any) -> bool:
    return all(cell["status"] == "ok" for cell in ran.cells)


@pytest.mark.parametrize("name", ["widget", "notebook", "ipympl", "qt5", "tk", "agg", "TkAgg", "inline", "", "x"])
def test_every_backend_draws_into_the_notebook(run: Any, name: str) -> None:
    ran = run(f"%matplotlib {name}", "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    assert clean(ran) and len(figures(ran)) == 1


@pytest.mark.parametrize("code", ["import matplotlib; matplotlib.use('TkAgg')", "plt.switch_backend('agg')",
                                  "%pylab tk", "import matplotlib as m; m.use('Agg', force=False)", "plt.ion()"])
def test_no_call_takes_figures_away(run: Any, code: str) -> None:
    ran = run("import matplotlib.pyplot as plt", code, "plt.plot([1, 2])\nplt.show()")
    assert clean(ran) and len(figures(ran)) == 1


def test_colab_is_not_there_until_it_is_asked_for(run: Any) -> None:
    ran = run("import sys\nprint('google.colab' in sys.modules)", "from google.colab import drive, files, userdata",
              "drive.mount('/content/drive')\nprint(files.upload(), repr(userdata.get('KEY')))\nfiles.download('a')",
              "import google.colab\ngoogle.colab.output.clear()\nimport google.protobuf")
    assert clean(ran) and ran.text(0) == "False\n" and "nothing was mounted" in ran.text(2)
    assert "{} ''" in ran.text(2)


def test_what_colab_does_not_have_is_missed(run: Any) -> None:
    assert "No module named" in run("import google.colab.nonsense").cells[0]["error"]


def test_magics_of_other_places(run: Any) -> None:
    assert clean(run("%tensorflow_version 2.x", "%load_ext tensorboard", "%tensorboard --logdir logs",
                     "%load_ext autoreload\n%autoreload 2", "%load_ext google.colab.data_table"))


def test_the_tensorboard_callback_lets_training_go_on(run: Any) -> None:
    ran = run("import keras, numpy as np\nmodel = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])\n"
              "model.compile('sgd', 'mse')\nboard = keras.callbacks.TensorBoard(log_dir='logs', histogram_freq=1)\n"
              "model.fit(np.ones((4, 2)), np.ones(4), epochs=2, callbacks=[board], verbose=0, validation_split=0.5)",
              ("a", "1"))
    assert clean(ran)
    (fit,) = ran.checkpoints["a"]["fits"]
    assert fit["completed"] and fit["callbacks"] == ["TensorBoard"] and fit["counted"]["epochs"] == 2


def figures(ran: Any) -> tuple[Any, ...]:
    found = read(FolderSource(ran.scratch / ".out"), sampling_key="00ff").figures
    assert found is not None
    return found.drawn
