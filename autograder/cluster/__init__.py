"""Many machines: dask.distributed carries jobs to workers and their answers back, with all that runs code closed.

Dask sends Python objects as pickles, so that whoever is a member of a cluster can run code on all others. A worker is
close to student code, so here no member unpickles anything but the few names that `closed_pickle` lists: a worker
calls only the two functions of `tasks`, on bytes.
"""

from autograder.cluster.addresses import check_address, require_dask
from autograder.cluster.link import Link, Wanted
from autograder.cluster.offer import Offer

__all__ = ["Link", "Offer", "Wanted", "check_address", "require_dask"]
