"""What goes wrong with an address at which libraries meet, as one sentence that says what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator

_STATUS = {
    401: "{host} does not accept the user name or the password; check them, and set up synchronising again.",
    403: "{host} does not allow this; check the address, and what the user may do there.",
    404: "{host} has no such folder; check the address, or make the folder there.",
    405: "{host} does not offer WebDAV at this address; check it.",
    413: "{host} does not accept a file of this size; raise its limit, or choose another place.",
    423: "A file on {host} is locked; synchronise again later.",
    429: "{host} asks for a pause; synchronise again later.",
    507: "{host} has no room left; make room there, then synchronise again.",
}
_NAMES = {
    "InsufficientStorage": 507,
    "ForbiddenOperation": 403,
    "ResourceLocked": 423,
    "ResourceNotFound": 404,
    "ResourceConflict": 404,
    "NoCredentialsError": 401,
    "PartialCredentialsError": 401,
    "PermissionDenied": 401,
    "SFTPPermissionDenied": 403,
    "SFTPNoSuchFile": 404,
    "SFTPNoSpaceOnFilesystem": 507,
    "SFTPQuotaExceeded": 507,
}
"""Exceptions of the libraries that have no status, and the status that stands for them."""
_KEYS = {
    "InvalidAccessKeyId": 401,
    "SignatureDoesNotMatch": 401,
    "ExpiredToken": 401,
    "QuotaExceeded": 507,
    "SlowDown": 429,
}
"""Codes of S3 that say more than the status of the answer."""
_SLOW = {"TimeoutError", "TimeoutException", "ReadTimeoutError", "ConnectTimeoutError", "FSTimeoutError"}


def sentence(error: BaseException, host: str) -> str:
    """What went wrong with a host, and what to do."""
    chain = list(_chain(error))
    for one in chain:
        status = _status(one)
        if status in _STATUS:
            return _STATUS[status].format(host=host)
        if status and status >= 500:
            return f"{host} reports a fault of its own ({status}); synchronise again later."
    names = {kind.__name__ for one in chain for kind in type(one).__mro__}
    if "HostKeyNotVerifiable" in names:
        return f"The key of {host} is not known here; connect to it once with ssh, then synchronise again."
    if "SSLCertVerificationError" in names or any("CERTIFICATE_VERIFY_FAILED" in str(one) for one in chain):
        return f"The certificate of {host} is not trusted by this computer; check the address."
    if names & _SLOW:
        return f"{host} does not answer; synchronise again later."
    if "PermissionError" in names:
        return _STATUS[403].format(host=host)
    if "FileNotFoundError" in names:
        return _STATUS[404].format(host=host)
    return f"{host} cannot be reached; check the address and the network."


def _status(error: BaseException) -> int | None:
    """The status of HTTP that an exception has, or that stands for it."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):  # as AWS's library keeps it
        code = response.get("Error", {}).get("Code")
        return _KEYS.get(code) or response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    if isinstance(status := getattr(response, "status_code", None), int):
        return status
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return 507
    return next((_NAMES[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in _NAMES), None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and those that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
