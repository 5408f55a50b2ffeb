"""Cells: order, endings, interrupts, limits, and what student code does to the process around it."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

from autograder.model import Limits

pytestmark = pytest.mark.slow


def test_events_name_each_cell_and_the_end(run: Any) -> None:
    ran = run("1", "1 / 0", "  ", "3")
    assert ran.events == [{"cell": 0}, {"cell": 1}, {"cell": 2}, {"cell": 3}, {"done": True}]
    assert [c["status"] for c in ran.cells] == ["ok", "error", "ok", "ok"]
    assert ran.cells[1]["error"] == "ZeroDivisionError: division by zero"
    assert [c["execution_count"] for c in ran.cells] == [1, 2, None, 3]


def test_an_error_is_summarized_by_its_first_line_that_is_not_blank(run: Any) -> None:
    ran = run("raise ValueError('\\n\\n  axes do not match\\nmore')", "raise ValueError('\\n')")
    assert [c["error"] for c in ran.cells] == ["ValueError:   axes do not match", "ValueError"]


def test_an_interrupt_ends_its_cell_only(run: Any) -> None:
    ran = run("print('starts')\nwhile True: pass", "print('on')", interrupts=(1.5,))
    assert [c["status"] for c in ran.cells] == ["interrupted", "ok"]
    assert ran.text(0) == "starts\n"
    assert [m["content"]["ename"] for m in ran.messages if m["type"] == "error"] == ["KeyboardInterrupt"]


def test_an_interrupt_reaches_a_cell_that_awaits_and_one_that_blocks_in_it(run: Any) -> None:
    ran = run("import asyncio\nawait asyncio.sleep(100)", "await asyncio.sleep(0)\nwhile True: pass", "print('on')",
              interrupts=(1.5, 3.0))
    assert [c["status"] for c in ran.cells] == ["interrupted", "interrupted", "ok"]


def test_an_interrupt_that_is_caught_still_counts_as_one(run: Any) -> None:
    ran = run("try:\n    while True: pass\nexcept KeyboardInterrupt:\n    print('caught')", "1", interrupts=(1.5,))
    assert [c["status"] for c in ran.cells] == ["interrupted", "ok"]


def test_an_interrupt_ends_a_shell_command(run: Any) -> None:
    ran = run("!sleep 100", "1", interrupts=(1.5,))
    assert [c["status"] for c in ran.cells] == ["interrupted", "ok"]


def test_a_cell_may_replace_the_handler_only_for_itself(run: Any) -> None:
    ignore = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN);"
    ran = run(ignore, "while True: pass", "1", interrupts=(1.5,))
    assert [c["status"] for c in ran.cells] == ["ok", "interrupted", "ok"]


@pytest.mark.parametrize("leave", ["quit()", "exit", "exit()"])
def test_quit_ends_the_notebook_as_it_ends_a_kernel(run: Any, leave: str) -> None:
    ran = run(leave, "print('never')")
    assert len(ran.cells) == 1
    assert {"done": True} not in ran.events


def test_quit_in_the_last_cell_completes_the_notebook(run: Any) -> None:
    assert run("1", "quit()").events[-1] == {"done": True}


def test_os_exit_leaves_all_records_before_it(run: Any) -> None:
    ran = run("print('first')", "print('second')\nimport os\nos._exit(7)", "print('never')")
    assert os.waitstatus_to_exitcode(ran.status) == 7
    assert [c["cell"] for c in ran.cells] == [0]
    assert ran.text(1) == "second\n"


def test_a_fork_that_returns_is_not_the_notebook(run: Any) -> None:
    ran = run("import os\nchild = os.fork()", "if child: os.waitpid(child, 0)\nprint('once')")
    assert [c["cell"] for c in ran.cells] == [0, 1]
    assert ran.text(1) == "once\n"


def test_a_student_who_stops_the_event_loop_does_not_stop_the_cells(run: Any) -> None:
    ran = run("import asyncio\nasyncio.get_running_loop().stop()", "await asyncio.sleep(0)", "print('on')")
    assert ran.events[-1] == {"done": True}
    assert ran.text(2) == "on\n"


def test_output_is_capped_and_says_so_once(run: Any) -> None:
    ran = run("print('a' * 700_000)", "print('b' * 700_000)", "print('c')\n1 / 0", limits=Limits(output_mib=1))
    size = (ran.scratch / ".out" / "messages.jsonl").stat().st_size
    assert (1 << 20) - 2000 < size <= (1 << 20) + 200
    assert [m["cell"] for m in ran.messages if m["type"] == "truncated"] == [1]
    assert ran.text(1).startswith("bbb")
    assert ran.cells[2]["error"] == "ZeroDivisionError: division by zero"


def test_output_of_other_processes_keeps_its_place_and_its_cap(run: Any) -> None:
    ran = run(
        "import os, sys\nprint('1')\nos.system('echo 2; echo 3 >&2')\nprint('4')\nos.write(1, b'5\\n')\nprint(6)",
        "import ctypes\nctypes.CDLL(None).printf(b'from C\\n');",
        "os.system('yes | head -c 3000000');", "print('dropped')", limits=Limits(output_mib=1),
    )
    assert ran.text(0) == "1\n2\n3\n4\n5\n6\n"
    assert ran.text(1) == "from C\n"
    assert ran.text(2).startswith("y\ny\n")
    assert ran.text(3) == ""


def test_records_survive_patched_modules(run: Any) -> None:
    ran = run(
        "import json, os, time, numpy as np, builtins\nbroken = lambda *a, **k: 1 / 0\n"
        "for module, names in ((json, 'dumps loads'), (os, 'write open getpid fstat'), (time, 'time monotonic'),\n"
        "                      (np, 'asarray isnan savez load sort dot'), (builtins, 'open')):\n"
        "    for name in names.split(): setattr(module, name, broken)\n"
        "x = np.arange(6.0).reshape(2, 3)\nprint('patched')",
        ("task", "1"),
    )
    assert ran.text(0) == "patched\n"
    assert ran.checkpoints["task"]["names"]["x"]["mean"] == 2.5
    assert ran.events[-1] == {"done": True}


def test_mnist_is_answered_under_all_its_names_and_others_are_refused(run: Any, tmp_path: Any) -> None:
    path = tmp_path / "data.npz"
    images, labels = np.zeros((3, 28, 28), np.uint8), np.zeros(3, np.uint8)
    np.savez(path, x_train=images, y_train=labels, x_test=images[:2], y_test=labels[:2])
    ran = run(
        "import keras\nkeras.datasets.mnist.load_data()[0][0].shape",
        "from keras.datasets import mnist\nmnist.load_data(path='x.npz')[1][0].shape",
        "from tensorflow.keras.datasets import mnist\nmnist.load_data()[1][1].shape",
        "keras.datasets.cifar10.load_data()", load_data={"mnist": str(path)},
    )
    shown = [m["content"]["data"]["text/plain"] for m in ran.messages if m["type"] == "execute_result"]
    assert shown == ["(3, 28, 28)", "(2, 28, 28)", "(2,)"]
    assert "data set cifar10" in ran.cells[3]["error"] and "without internet" in ran.cells[3]["error"]


def test_packages_cannot_be_installed_and_the_cell_continues(run: Any) -> None:
    ran = run("!{__import__('sys').executable} -m pip install no-such-package-anywhere\nprint('on')")
    assert "No matching distribution" in ran.text(0)
    assert ran.text(0).endswith("on\n")


def test_every_run_draws_the_same_random_numbers_and_another_seed_others(run: Any) -> None:
    code = ("import random, numpy, keras\n"
            "print(random.random(), numpy.random.rand(), keras.random.normal((1,)).numpy()[0])")
    assert run(code).text(0) == run(code).text(0) != run(code, seed=8).text(0)


def test_the_backend_computes_with_the_threads_of_the_job(run: Any) -> None:
    code = ("import tensorflow as tf\nthreads = tf.config.threading\n"
            "print(threads.get_intra_op_parallelism_threads(), threads.get_inter_op_parallelism_threads())")
    assert run(code, limits=Limits(threads=2)).text(0) == "2 2\n"
