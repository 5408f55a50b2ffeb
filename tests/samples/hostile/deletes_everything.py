"""Resets the shell, deletes every name, and empties the list of modules."""

LOSES = ["one-hot", "fit-layers", "fit-accuracy", "evaluation"]

# %% [one-hot]
import sys

get_ipython().events.callbacks = {}
get_ipython().reset(new_session=True)
for name in list(globals()):
    if name != "name":
        globals().pop(name, None)
import sys

get_ipython = None
for module in list(sys.modules):
    if not module.startswith(("sys", "builtins")):
        sys.modules.pop(module, None)
sys.path.clear()
sys.stdout = sys.stderr = None
