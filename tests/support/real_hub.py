"""A real JupyterHub with its real proxy, for tests: with our service, and with one of an attacker.

The proxy is no part of this project: the pinned version is installed from the npm registry once, into ``.cache/proxy``.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
PROXY, VERSION = "configurable-http-proxy", "5.3.0"
KEPT = ROOT / ".cache" / "proxy" / VERSION
ADMIN_TOKEN = "an-administrators-token-for-tests"
PATIENCE = 300.0
CONFIG = """
c = get_config()
c.JupyterHub.ip = "127.0.0.1"
c.JupyterHub.port = {public}
c.JupyterHub.hub_port = {hub}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.ConfigurableHTTPProxy.command = {command!r}
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie-secret"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "secret"
c.Authenticator.allowed_users = {{"ada", "ben", "cy", "prof", "guest"}}
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/homes/{{username}}"
c.Spawner.args = ["--allow-root"]
c.Spawner.environment = {{"AUTOGRADER_SERVICE_URL": "http://127.0.0.1:{public}/services/autograder/"}}
c.Spawner.server_token_scopes = ["users:activity!user", "access:servers!server", "access:services!service=autograder"]
c.JupyterHub.load_groups = {{"teachers": {{"users": ["prof"]}}, "course": {{"users": ["ada", "ben", "cy", "prof"]}}}}
c.JupyterHub.services = [
    {{"name": "autograder", "url": "http://127.0.0.1:{service}", "command": {serve!r}, "environment": {environment!r},
      "timeout": 300}},
    {{"name": "evil", "url": "http://127.0.0.1:{evil}"}},
    {{"name": "tests", "api_token": "{token}"}},
]
c.JupyterHub.load_roles = [
    {{"name": "course", "scopes": ["access:services!service=autograder"], "groups": ["course"]}},
    {{"name": "tests", "scopes": ["admin:users", "admin:servers", "tokens"], "services": ["tests"]}},
]
"""


class Unavailable(Exception):
    """It cannot be had; the sentence says why."""


def find_proxy() -> str:
    """Return the program of the proxy, installed if it is not here.

    Raises:
        Unavailable: it cannot be installed.
    """
    if found := shutil.which(PROXY):
        return found
    own = KEPT / "node_modules" / ".bin" / PROXY
    if own.exists():
        return str(own)
    if shutil.which("npm") is None:
        raise Unavailable(f"{PROXY} is not installed, and neither is npm, which would install it")
    KEPT.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["npm", "install", "--prefix", str(KEPT), "--no-save", f"{PROXY}@{VERSION}"], check=False,
                          capture_output=True, text=True, timeout=PATIENCE)
    if done.returncode or not own.exists():
        raise Unavailable(f"{PROXY} {VERSION} could not be installed with npm: {done.stderr[-300:]}")
    return str(own)


def free_ports(count: int) -> list[int]:
    """Return ports that nothing listens on at the moment."""
    opened = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in opened]
    for one in opened:
        one.close()
    return ports


@dataclass
class RealHub:
    """A hub that runs.

    Attributes:
        evil: path → page that the attacker's service, which has the same origin as ours, gives to browsers.
    """

    url: str
    folder: Path
    process: subprocess.Popen[bytes]
    evil: dict[str, str]

    @property
    def service(self) -> str:
        """The address of our service."""
        return f"{self.url}/services/autograder/"

    @property
    def log(self) -> str:
        """What hub, proxy and services printed."""
        return (self.folder / "hub.log").read_text(errors="replace")

    def api(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Ask the hub as its administrator."""
        return httpx.request(method, f"{self.url}/hub/api/{path}", headers={"Authorization": f"token {ADMIN_TOKEN}"},
                             timeout=PATIENCE, **given)

    def wait_for(self, condition: Any, what: str) -> None:
        """Wait for something that must happen, and say what the hub printed if it does not."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if condition():
                return
            assert self.process.poll() is None, self.log[-4000:]
            time.sleep(0.3)
        raise AssertionError(f"{what} never came: {self.log[-4000:]}")

    def answers(self) -> bool:
        """Whether the service can be reached through the hub's proxy."""
        try:
            return httpx.get(f"{self.service}health", timeout=10).text == "ok"
        except httpx.HTTPError:
            return False


@contextmanager
def running_hub(folder: Path, serve: list[str], environment: dict[str, str]) -> Iterator[RealHub]:
    """Run a hub that starts our service with a command; everything ends with the block.

    Raises:
        Unavailable: there is no proxy.
    """
    program = find_proxy()
    folder.mkdir(parents=True)
    public, hub, proxy, service = free_ports(4)
    pages: dict[str, str] = {}
    with _attackers_service(pages) as evil:
        config = folder / "jupyterhub_config.py"
        config.write_text(CONFIG.format(public=public, hub=hub, proxy=proxy, service=service, evil=evil, folder=folder,
                                        command=[program], serve=serve, environment=environment, token=ADMIN_TOKEN))
        # Its own programs, such as the servers of users, are found next to this Python.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        with (folder / "hub.log").open("wb") as log:
            process = subprocess.Popen([sys.executable, "-m", "jupyterhub", "--config", str(config)], cwd=folder,
                                       stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                                       env={**os.environ, "PATH": path, "JUPYTERHUB_CRYPT_KEY": "00" * 32})
        found = RealHub(url=f"http://127.0.0.1:{public}", folder=folder, process=process, evil=pages)
        try:
            found.wait_for(found.answers, "the service")
            yield found
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def _attackers_service(pages: dict[str, str]) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path.rpartition("/")[2].partition("?")[0])
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()
