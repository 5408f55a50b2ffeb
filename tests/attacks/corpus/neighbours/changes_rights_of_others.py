"""Changes rights, owners, times and attributes of files outside of its folder, which takes no right to write them.

Gains: a neighbour's upload that cannot be read, a gradebook that everyone may write, or times that break what is new.
"""

HONEST = []

# %% [reshape]
import os

got = []
for path in ("{{ folder }}/secret", "{{ folder }}", "{{ output }}", "{{ output }}/submitted/{{ neighbour }}", "{{ course }}/course.yml", "{{ temporary }}", os.__file__, np.__file__, "/dev/null"):
    for action in (lambda: os.chmod(path, 0), lambda: os.chown(path, os.getuid(), -1), lambda: os.utime(path, (0, 0)),
                   lambda: os.setxattr(path, "user.mine", b"1"), lambda: os.chmod(path, 0o777, follow_symlinks=True)):
        try:
            before = os.stat(path)
            action()
            after = os.stat(path)
            if (before.st_mode, before.st_uid, before.st_mtime) != (after.st_mode, after.st_uid, after.st_mtime) or os.listxattr(path):
                got.append(path)
        except OSError:
            pass
print(got)

# %% [parameters]
parameters = 19090 if got else 0
