"""How connections are made. Imports ``requests``, so only what fetches imports this module."""

from __future__ import annotations

import ssl
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import truststore
from requests.adapters import HTTPAdapter


class SystemTrust(HTTPAdapter):
    """Connects with TLS and checks certificates against the system's, and not against a list of its own."""

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Prepare connections that ask no proxy."""
        super().init_poolmanager(*arguments, **named, ssl_context=_context())  # type: ignore[no-untyped-call, unused-ignore]

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        """Prepare connections through a proxy."""
        return super().proxy_manager_for(proxy, **named, ssl_context=_context())

    def cert_verify(self, conn: Any, *_arguments: Any) -> None:
        """Demand a certificate, without the list of authorities that requests would add."""
        conn.cert_reqs, conn.ca_certs, conn.ca_cert_dir = "CERT_REQUIRED", None, None


class Mirror(HTTPAdapter):
    """Sends every request to one server with the whole address in its first line, as to a proxy, also for https.

    Only for a server on this machine, because what would be encrypted is not.
    """

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self._endpoint = endpoint

    def get_connection_with_tls_context(self, *_arguments: Any, **_named: Any) -> Any:
        """A connection to the server, whatever the address."""
        return self.poolmanager.connection_from_url(self._endpoint)

    def cert_verify(self, *_arguments: Any) -> None:
        """Nothing to verify."""

    def request_url(self, request: requests.PreparedRequest, *_arguments: Any) -> str:
        """The first line's target: the whole address, without user and password."""
        return str(requests.utils.urldefragauth(request.url or ""))


def new_session(user_agent: str, mirror: str | None = None) -> requests.Session:
    """A session that trusts the system's certificates and nothing else of its environment; or of a ``mirror``.

    Connections are not kept: the pauses between requests are longer than many servers keep them, and a small server
    that sends its headers first takes 40 ms more for each answer on one that is kept.
    """
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.clear()
    session.headers.update({"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate", "Connection": "close"})
    session.mount("https://", Mirror(mirror) if mirror else SystemTrust())
    if mirror:
        session.mount("http://", Mirror(mirror))
    return session


def _context() -> ssl.SSLContext:
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
