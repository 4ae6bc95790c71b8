"""Certificates as the system trusts them. Imports ``requests``, so only what fetches imports this module."""

from __future__ import annotations

import ssl
from typing import Any

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


def _context() -> ssl.SSLContext:
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
