"""Throughput compared with nbgrader, overhead and memory for a short `mlp-digits`: `python -m benchmarks.run`."""
