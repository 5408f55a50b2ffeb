"""Grading on many machines: a pool whose jobs run on workers, the worker's side, and a cluster on one machine."""

from autograder.remote.cluster import Cluster, ClusterOptions, open_cluster
from autograder.remote.worker import WorkerOptions, serve_worker

__all__ = ["Cluster", "ClusterOptions", "WorkerOptions", "open_cluster", "serve_worker"]
