"""Addresses of schedulers and encryption as dask has it."""

from __future__ import annotations

import importlib.util
import ipaddress
import re
from typing import TYPE_CHECKING, Final

from autograder.errors import ClusterError

if TYPE_CHECKING:
    from distributed import Security

_ADDRESS: Final = re.compile(r"(?P<scheme>tcp|tls)://(?P<host>\[[0-9A-Fa-f:]+\]|[A-Za-z0-9._-]+):(?P<port>\d{1,5})")


def require_dask() -> None:
    """Check that the optional part is installed.

    Raises:
        ClusterError: it is not.
    """
    if importlib.util.find_spec("distributed") is None:
        raise ClusterError("Grading on many machines needs dask.distributed, which is not installed here; "
                           "run `pip install 'keras-autograder[cluster]'`.")


def check_address(address: str, *, unencrypted: bool) -> str:
    """Return the address of a scheduler.

    Args:
        unencrypted: ``tcp://`` to another machine is wanted.

    Raises:
        ClusterError: it is no such address, or the connection would be readable and open to everybody on the network.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None or int(match["port"]) > 65_535:
        raise ClusterError(f"Expected a scheduler's address such as tls://10.0.0.5:8786, but got {address[:100]!r}; "
                           "`dask scheduler` prints its own when it starts.")
    if match["scheme"] == "tcp" and not unencrypted and not _is_loopback(match["host"].strip("[]")):
        raise ClusterError(f"{address} is on another machine and not encrypted, so whoever reaches it can forge "
                           "results; use tls:// with dask's certificates, or --unencrypted on a network of your own.")
    return address


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def certificates(address: str) -> Security | None:
    """Return the certificates that dask's configuration names (`distributed.comm.tls`), None for ``tcp://``.

    Raises:
        ClusterError: there are none.
    """
    if not address.startswith("tls://"):
        return None
    from distributed import Security

    found = Security()
    if not found.tls_ca_file:
        raise ClusterError(f"{address} is encrypted, but dask knows no certificates here; set "
                           "DASK_DISTRIBUTED__COMM__TLS__CA_FILE and the others of docs/operating/cluster.md.")
    return found
