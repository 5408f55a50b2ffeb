"""What a JupyterHub gives to its services in environment variables, and what it leaves to the command line."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from autograder.errors import HubError

NEEDED: Final = {
    "JUPYTERHUB_API_TOKEN": "the service's own token",
    "JUPYTERHUB_API_URL": "the address of the hub's API",
    "JUPYTERHUB_SERVICE_PREFIX": "the path of the service, such as /services/autograder/",
    "JUPYTERHUB_CLIENT_ID": "the service's OAuth client, such as service-autograder",
}
LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8788


@dataclass(frozen=True, kw_only=True)
class HubEnvironment:
    """How the hub and this service find each other.

    Attributes:
        token: with which the service identifies itself to the hub; never shown, never passed on.
        prefix: path of the service on the public address; begins and ends with a slash.
        host, port: where the hub's proxy expects the service.
    """

    api_url: str
    token: str = field(repr=False)
    prefix: str
    client_id: str
    name: str
    host: str = LOOPBACK
    port: int = PORT


def read_environment(variables: Mapping[str, str], *, host: str | None = None,
                     port: int | None = None) -> HubEnvironment:
    """Return what the hub says about this service.

    Args:
        variables: the environment.
        host: where to listen instead; the only way to listen on another interface than the loopback.
        port: the port to listen on instead.

    Raises:
        HubError: a variable is missing or unusable, or the hub expects the service on another interface.
    """
    missing = [name for name in NEEDED if not variables.get(name, "").strip()]
    if missing:
        named = " and ".join(f"{name} ({NEEDED[name]})" for name in missing)
        raise HubError(f"A service of a JupyterHub was expected, but {named} is not set: let the hub start this "
                       "command, or set what docs/operating/serve.md lists.")
    wanted_host, wanted_port = _address(variables.get("JUPYTERHUB_SERVICE_URL", ""))
    chosen = host or wanted_host
    if host is None and not is_loopback(chosen):
        raise HubError(f"The hub expects this service on {chosen}, which other machines can reach without encryption, "
                       "but only the loopback is used unless --host names another address: give "
                       f"--host {chosen}, or write http://{LOOPBACK}:{wanted_port} as the service's url.")
    prefix = f"/{variables['JUPYTERHUB_SERVICE_PREFIX'].strip('/')}/"
    return HubEnvironment(
        api_url=variables["JUPYTERHUB_API_URL"].rstrip("/"), token=variables["JUPYTERHUB_API_TOKEN"],
        prefix=prefix.replace("//", "/"), client_id=variables["JUPYTERHUB_CLIENT_ID"],
        name=variables.get("JUPYTERHUB_SERVICE_NAME") or variables["JUPYTERHUB_CLIENT_ID"].removeprefix("service-"),
        host=chosen, port=wanted_port if port is None else port)


def forget_secrets(variables: MutableMapping[str, str]) -> None:
    """Remove the hub's tokens from the environment, so that no process that is started later has them."""
    for name in ("JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN"):
        variables.pop(name, None)


def is_loopback(host: str) -> bool:
    """Whether only this machine can connect to an address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _address(url: str) -> tuple[str, int]:
    """Return host and port of the address under which the hub's proxy looks for the service.

    Raises:
        HubError: it is no http address.
    """
    if not url:
        return LOOPBACK, PORT
    try:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError
        return parts.hostname, parts.port or 80
    except ValueError:
        raise HubError(f"JUPYTERHUB_SERVICE_URL has to be an address like http://{LOOPBACK}:{PORT}, but is "
                       f"{url[:120]!r}: correct the service's url in jupyterhub_config.py.") from None
