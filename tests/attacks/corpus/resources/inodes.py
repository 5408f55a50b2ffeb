"""Makes empty files, folders, links and extended attributes until nothing more is given, and folders too deep to walk.

Gains: a file system without inodes is as full as one without blocks; a cleaner that fails leaves it all behind.
"""

HONEST = []

# %% [reshape]
import os

made = 0
try:
    for number in range(200_000):
        os.close(os.open(f"empty-{number}", os.O_CREAT | os.O_WRONLY, 0))
        os.link("empty-0", f"link-{number}")
        made += 2
except OSError as error:
    os.write(1, f"{made} {error}\n".encode())
for number in range(2000):
    try:
        os.unlink(f"empty-{number}")
    except OSError:
        pass
try:
    for _ in range(1500):
        os.mkdir("deep" * 20)
        os.chdir("deep" * 20)
    os.chmod(".", 0)
except OSError as error:
    os.write(1, str(error).encode())
