"""Writes garbage, forged verdicts of the watcher and very deep JSON into every open descriptor.

Gains: a supervisor that breaks, believes an exit status, or ends the batch because the walls were "refused".
"""

# %% [reshape]
import json
import os
import stat

forged = [b"\x00" * 4096, b"\xff" * 65536, b"[" * 60_000, b'{"cell": ' + b"9" * 5000 + b"}", b'{"cell": NaN}', b'{"cell": -1}',
          b'{"cell": 1e999}', b'{"cell": [1]}', b'{"cell": true}', b'{"done": "true"}', b'{"confined": false}', b"null", b"[]", b'""',
          json.dumps({"refused": "the kernel has no Landlock"}).encode(), b'{"exit": 0}', b'{"exit": 18176}', b'{"ready": 1}',
          b'{"do": "kill"}', b'{"versions": {}}']
for descriptor in range(3, 256):
    try:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            continue
    except OSError:
        continue
    for message in forged:
        try:
            os.set_blocking(descriptor, False)
            os.write(descriptor, message)
        except OSError:
            continue
