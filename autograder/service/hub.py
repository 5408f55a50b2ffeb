"""The hub: who a token belongs to, and how a browser signs in (OAuth with PKCE). Needs the extra ``serve``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Protocol

from pydantic import ValidationError

from autograder.errors import HubError
from autograder.service.hub_environment import HubEnvironment
from autograder.service.members import HubUser

FRESH: Final = 30
"""Seconds for which the hub's answer about a token is used again: who is removed there is shut out within them."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.~+/=-]{8,512}")


class NotAllowed(HubError):
    """The hub knows the user, but does not let them use this service."""


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """Where a browser signs in, and the secret that belongs to it."""

    url: str
    verifier: str


class Hub(Protocol):
    """What this service needs of a hub."""

    async def identify(self, token: str, session: str = "") -> HubUser | None:
        """Return the user whom a token belongs to, None if it is not valid.

        Args:
            session: the browser's session at the hub; when it ends, the token does too.

        Raises:
            NotAllowed: the user may not use this service.
            HubError: the hub does not answer.
        """
        ...

    def sign_in(self, state: str) -> SignIn:
        """Return where a browser is sent to sign in; ``state`` comes back with it."""
        ...

    async def token_for(self, code: str, verifier: str) -> str | None:
        """Return the token for a code that a browser brought from the hub, None if the code is not valid.

        Raises:
            HubError: the hub does not answer.
        """
        ...


class JupyterHub:
    """A JupyterHub, through its own client."""

    def __init__(self, environment: HubEnvironment) -> None:
        from jupyterhub.services.auth import HubOAuth

        # Its defaults come from the environment variables that the hub has set: cookies' and proxies' are not used.
        self._auth: Any = HubOAuth(
            api_token=environment.token, api_url=environment.api_url, base_url=environment.prefix,
            oauth_client_id=environment.client_id, cache_max_age=FRESH,
            access_scopes={f"access:services!service={environment.name}"})

    async def identify(self, token: str, session: str = "") -> HubUser | None:
        """Return the user whom a token belongs to; see `Hub`."""
        from tornado.web import HTTPError

        if not _TOKEN.fullmatch(token):
            return None
        try:
            found = await self._auth.user_for_token(token, session_id=session, sync=False)
        except HTTPError:
            raise _silent() from None
        if not found or found.get("kind") != "user":
            return None
        if not self._auth.check_scopes(self._auth.access_scopes, found):
            raise NotAllowed("The hub does not let you use this service: ask its administrator for the scope "
                             f"{' or '.join(sorted(self._auth.access_scopes))}, for you or for your server's token.")
        try:
            return HubUser(name=found["name"], groups=tuple(found.get("groups") or ()))
        except (KeyError, TypeError, ValidationError):
            raise _silent() from None

    def sign_in(self, state: str) -> SignIn:
        """Return where a browser is sent to sign in; see `Hub`."""
        from tornado.httputil import url_concat

        verifier, challenge, method = self._auth.generate_pkce_code_challenge()
        url = url_concat(self._auth.login_url, {"code_challenge": challenge, "code_challenge_method": method,
                                                "state": state})
        return SignIn(url=url, verifier=verifier)

    async def token_for(self, code: str, verifier: str) -> str | None:
        """Return the token for a code that a browser brought from the hub; see `Hub`."""
        from tornado.web import HTTPError

        try:
            return str(await self._auth.token_for_code(code, code_verifier=verifier, sync=False))
        except HTTPError as error:
            # The client reports a refused code like a hub that fails; only the words differ.
            if error.status_code == 500 and "Failed to check authorization" in str(error.log_message):
                return None
            raise _silent() from None
        except KeyError:
            return None


def _silent() -> HubError:
    return HubError("The hub did not say who you are, since it cannot be reached or answers with an error: try again "
                    "in a minute.")
