"""Imports the hidden checks, the pytest plugin that runs them and the pipeline, and prints what these modules hold.

Gains: the checks' source through the import system, if the grader's own import path is inherited.
"""

HONEST = []

# %% [reshape]
import importlib
import inspect
import pkgutil
import sys

sys.path += ["{{ course }}", "{{ course }}/tests/hidden/digits-mini", "{{ course }}/tests"]
sys.path_importer_cache.clear()
for name in ("test_digits_mini", "tests.hidden", "hidden", "conftest", "autograder.pipeline.session.session",
             "autograder.checks.server", "autograder.checks.plugin", "autograder.data", "autograder.gradebook"):
    try:
        module = importlib.import_module(name)
        print(name, [value for value in vars(module).values() if isinstance(value, (str, bytes))])
        if "test_" in name:
            print(inspect.getsource(module))
    except BaseException as error:
        print(name, type(error).__name__)
for name, module in list(sys.modules.items()):
    origin = getattr(module, "__file__", None) or ""
    if "hidden" in name or "{{ course }}" in origin or name.startswith(("test_", "_pytest")):
        print("loaded", name, origin)
for found in pkgutil.iter_modules(["{{ course }}/tests/hidden/digits-mini"]):
    print("seen", found)
