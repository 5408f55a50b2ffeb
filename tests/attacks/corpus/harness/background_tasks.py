"""Starts tasks of the event loop and threads that rewrite the namespace while the harness reads it.

Gains: a value that is right for as long as it is looked at.
"""

# %% [reshape]
import asyncio
import threading
import time

stop = time.monotonic() + 6


def race():
    while time.monotonic() < stop:
        globals()["X_train"] = np.zeros((600, 784), "float32")
        globals()["X_test"] = "nothing"
        globals()["parameters"] = 1
        globals().pop("X_train", None)
        for number in range(50):
            globals()[f"name_{number}"] = number
        for number in range(50):
            globals().pop(f"name_{number}", None)


async def again():
    while time.monotonic() < stop:
        globals()["parameters"] = 2
        await asyncio.sleep(0)


for _ in range(2):
    threading.Thread(target=race, daemon=True).start()
task = asyncio.get_event_loop().create_task(again())
loop = asyncio.get_event_loop()
loop.call_soon(loop.stop)
loop.close = loop.run_until_complete = lambda *arguments: None
