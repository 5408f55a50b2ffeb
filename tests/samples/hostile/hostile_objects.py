"""Fills the namespace with objects that fight back when they are looked at."""

LOSES = ["one-hot"]

# %% [one-hot]
import os


class Mine:
    def _fight(self, *arguments, **options):
        raise SystemExit("touched")

    __repr__ = __str__ = __len__ = __iter__ = __bool__ = __eq__ = __hash__ = __float__ = __int__ = __index__ = _fight
    __array__ = __reduce__ = __reduce_ex__ = __getstate__ = __dir__ = __sizeof__ = __format__ = __getattr__ = _fight
    __class__ = property(_fight)


class Endless(dict):
    def items(self):
        while True:
            yield "key", "value"

    __iter__ = keys = values = items


class Leaver:
    @property
    def shape(self):
        os._exit(0)

    dtype = __array_interface__ = shape


class Meta(type):
    def __instancecheck__(cls, other):
        raise KeyboardInterrupt

    def __getattribute__(cls, name):
        raise MemoryError


class Meeting(metaclass=Meta):
    pass


Y_train, Y_test = Mine(), Endless()
meeting, leaver = Meeting, Leaver()
deep = loop = []
loop.append(loop)
for _ in range(100_000):
    deep = [deep]
huge = 10**100_000
globals().update({"name\n\x00\ud800 <script>": 1, "<script>alert(1)</script>": Mine(), "x" * 100_000: 1})
