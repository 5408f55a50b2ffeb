"""Throughput beside nbgrader, overhead and memory on a short form of `mlp-digits`: `python -m benchmarks.run`."""
