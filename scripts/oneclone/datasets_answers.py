"""What answers of the NCBI Datasets service and faults of the network mean for a download."""

import json
from typing import Any, cast

import requests
from requests import exceptions
from urllib3.exceptions import InvalidHeader, NewConnectionError
from urllib3.util import Retry

from oneclone.errors import OnecloneError
from oneclone.tables.fetched_table import cell_text

OK, PARTIAL, RANGE_BEYOND = 200, 206, 416
TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}
NOT_ALLOWED = {401, 403, 407, 511}
CHUNK_BYTES = 1 << 14  # what a broken connection can lose of the bytes that came
MAX_MESSAGE_BYTES = 1 << 16
WEB_PAGE = (
    "a web page came instead of data: a login page of your network or a proxy answers in place "
    "of the service; log in, or set HTTPS_PROXY"
)


class FetchRefused(OnecloneError):
    """One assembly cannot be had; others may."""


class ServiceUnusable(OnecloneError):
    """Nothing can be had from here and now, so that no other accession need be tried."""


class TryAgain(OnecloneError):
    """An attempt failed in a way that another may not.

    Parameters
    ----------
    reason
        What happened.
    wait_s
        Seconds that the service asks to wait, `None` = it does not say.
    no_connection
        Whether not even a connection came about.
    """

    def __init__(
        self, reason: str, *, wait_s: float | None = None, no_connection: bool = False
    ) -> None:
        self.wait_s = wait_s
        self.no_connection = no_connection
        super().__init__(reason)


def check_answer(answer: requests.Response) -> None:
    """Refuse an answer that brings no zip."""
    status, kind = answer.status_code, answer.headers.get("Content-Type", "").lower()
    if status in TRY_AGAIN:
        raise TryAgain(f"the service answered {_said(answer)}", wait_s=_retry_after(answer))
    if status in NOT_ALLOWED:
        raise ServiceUnusable(
            f"access was refused: {_said(answer)}; check NCBI_API_KEY, the user name and password "
            "of the proxy, and whether your network lets this computer out"
        )
    if "html" in kind:
        raise ServiceUnusable(WEB_PAGE)
    if status not in {OK, PARTIAL} or "json" in kind:
        raise FetchRefused(
            f"the service answered {_said(answer)}; check the accession, and --base-url if given"
        )


def _said(answer: requests.Response) -> str:
    """Return status and message of an answer in one line."""
    found = json_of(answer)
    message = found.get("message") or found.get("error") or answer.reason
    return f"{answer.status_code}: {cell_text(str(message))[:200]}"


def json_of(answer: requests.Response) -> dict[str, Any]:
    """Return the JSON object in an answer, empty when there is none of a sensible size.

    An answer can be read once only.
    """
    content = b""
    for chunk in answer.iter_content(CHUNK_BYTES):
        content += chunk
        if len(content) > MAX_MESSAGE_BYTES:
            return {}
    try:
        found: object = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _retry_after(answer: requests.Response) -> float | None:
    """Return the seconds that an answer asks to wait; it may name a date instead."""
    header = answer.headers.get("Retry-After")
    if header is None:
        return None
    try:
        return max(0.0, Retry().parse_retry_after(header))
    except InvalidHeader:
        return None


def named_fault(error: exceptions.RequestException, timeout_s: float) -> OnecloneError:
    """Return the error of ours that a fault of the network is."""
    cause = _cause(error)
    unusable = _unusable(error, cause)
    if unusable:
        return ServiceUnusable(unusable)
    if isinstance(error, exceptions.TooManyRedirects):
        return FetchRefused(f"the service points in a circle ({cause})")
    proxy = isinstance(error, exceptions.ProxyError)
    if proxy or isinstance(error, exceptions.ConnectTimeout) or _is_unconnected(error):
        return TryAgain(
            f"no connection to the {'proxy' if proxy else 'service'} ({cause})",
            no_connection=True,
        )
    if isinstance(error, exceptions.ReadTimeout) or "timed out" in cause:
        return TryAgain(f"no byte came for {timeout_s:g} s")
    return TryAgain(f"the connection broke off ({cause})")


def _unusable(error: exceptions.RequestException, cause: str) -> str:
    """Return why trying again cannot help, empty when it may."""
    if "CERTIFICATE_VERIFY_FAILED" in cause:
        return (
            f"the certificate of the service cannot be trusted ({cause}); if a proxy of your "
            "network inspects connections, name its certificate in SSL_CERT_FILE"
        )
    if isinstance(error, exceptions.ProxyError) and "407" in cause:
        return (
            f"the proxy wants a user name and password ({cause}); write "
            "HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"
        )
    if isinstance(error, exceptions.InvalidURL | exceptions.InvalidSchema):
        return f"the address of service or proxy cannot be used ({cause})"
    return ""


def _is_unconnected(error: exceptions.RequestException) -> bool:
    """Tell whether an error arose before a connection stood."""
    inner = error.args[0] if error.args else None
    return isinstance(getattr(inner, "reason", None), NewConnectionError)


def _cause(error: BaseException) -> str:
    """Return the innermost reason of an error in one line, at most 200 characters."""
    inner = getattr(error, "reason", None) or next(iter(error.args), None)
    if isinstance(inner, BaseException) and inner is not error:
        return _cause(inner)
    return cell_text(str(error) or type(error).__name__)[:200]
