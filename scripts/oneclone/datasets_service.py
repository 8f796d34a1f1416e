"""Download assembly packages from the NCBI Datasets service (REST, version 2).

The interface: `GET /genome/accession/{accession}/download` streams a zip,
`GET /genome/accession/{accession}/check` tells whether an accession is known; an error answers
with JSON that has a `message`. For an accession that it does not know, the service also answers
a download with status 200 and a zip that breaks off.
"""

import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
from requests import exceptions

from oneclone import __version__
from oneclone.datasets_answers import (
    CHUNK_BYTES,
    PARTIAL,
    RANGE_BEYOND,
    WEB_PAGE,
    FetchRefused,
    ServiceUnusable,
    TryAgain,
    check_answer,
    json_of,
    named_fault,
)
from oneclone.errors import OnecloneError
from oneclone.partial_file import PartialFile
from oneclone.tables.zip_files import ZipDamaged

BASE_URL = "https://api.ncbi.nlm.nih.gov/datasets/v2"
MAX_BACKOFF_S = 60
MAX_WAIT_S = 300  # a service that asks for more is not waited for
T = TypeVar("T")


@dataclass(frozen=True)
class ServiceSettings:
    """Where and how to ask: `retries` follow a first attempt, `timeout_s` is without any byte."""

    base_url: str = BASE_URL
    retries: int = 5
    timeout_s: float = 60.0
    api_key: str = field(default="", repr=False)


class DatasetsService:
    """The service, through the proxy and with the certificates that the environment names.

    Parameters
    ----------
    settings
        Where and how to ask.
    say
        Is given a sentence before each wait.
    tick
        Is given the number of bytes received of the current file.
    sleep
        Waits; tests put something else here.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        *,
        say: Callable[[str], object],
        tick: Callable[[int], object] = lambda _: None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._settings = settings
        self._say, self._tick, self._sleep = say, tick, sleep
        self._session = _session(settings.api_key)

    def url(self, accession: str, what: str = "download") -> str:
        """Return the address of an accession's package, without user name and password."""
        scheme, host, path, _, _ = urlsplit(self._address(accession, what))
        return urlunsplit((scheme, host.rpartition("@")[2], path, "", ""))

    def fetch(
        self, accession: str, part: PartialFile, max_bytes: int, take: Callable[[Path], T]
    ) -> T:
        """Download a package, trying again where that may help, and return what `take` makes of it.

        Parameters
        ----------
        accession
            The accession with its version.
        part
            Where the package is collected; a part that is there already is gone on with where
            the service can do so. It is removed when the package is taken or found bad.
        max_bytes
            Greatest size of the package.
        take
            Reads the package; when it raises `ZipDamaged` the package is downloaded again.

        Raises
        ------
        FetchRefused
            If the service does not have the assembly, or all attempts failed.
        ServiceUnusable
            If the service cannot be reached or lets nobody in.
        ZipRefused
            If the package is whole and yet not what was asked for.
        """
        for attempt in range(self._settings.retries + 1):
            try:
                self._download(accession, part, max_bytes)
                return self._taken(accession, part, take)
            except TryAgain as failed:
                if attempt == self._settings.retries:
                    raise self._given_up(failed) from failed
                self._wait(accession, failed, attempt)
        raise AssertionError("the last attempt returns or raises")

    def _taken(self, accession: str, part: PartialFile, take: Callable[[Path], T]) -> T:
        """Return what `take` makes of a package; a damaged one is asked for again."""
        try:
            if part.is_markup():
                raise ServiceUnusable(WEB_PAGE)
            return take(part.path)
        except ZipDamaged as damaged:
            if self._is_unknown(accession):
                raise FetchRefused(
                    "the archive does not know this accession; correct it in the table"
                ) from damaged
            raise TryAgain(str(damaged)) from damaged
        finally:
            part.remove()

    def _given_up(self, failed: TryAgain) -> OnecloneError:
        """Return the error that ends all attempts."""
        tries = self._settings.retries + 1
        text = f"{failed}; tried {tries} time{'s' if tries > 1 else ''}"
        if failed.no_connection:
            return ServiceUnusable(f"{text}; check the network and HTTPS_PROXY")
        return FetchRefused(f"{text}; run the command again later")

    def _wait(self, accession: str, failed: TryAgain, attempt: int) -> None:
        """Wait before the next attempt: as long as the service asks, else 1, 2, 4 … seconds."""
        wait_s = min(2.0**attempt, MAX_BACKOFF_S) if failed.wait_s is None else failed.wait_s
        if wait_s > MAX_WAIT_S:
            raise ServiceUnusable(f"{failed}; it asks to wait {wait_s:.0f} s, so try again later")
        self._say(f"{accession}: {failed}; trying again in {wait_s:.0f} s")
        self._sleep(wait_s)

    def _download(self, accession: str, part: PartialFile, max_bytes: int) -> None:
        """Make one attempt to complete a package."""
        source = self.url(accession)
        headers = {"Accept": "application/zip, application/json", "Accept-Encoding": "identity"}
        headers |= part.range_headers(source)
        asked = {"include_annotation_type": "GENOME_FASTA"}
        with self._answer(self._address(accession, "download"), asked, headers) as answer:
            status = answer.status_code
            if status == RANGE_BEYOND or not part.fits(status == PARTIAL, answer.headers):
                part.remove()
                raise TryAgain("the service cannot go on with the part that is here", wait_s=0)
            check_answer(answer)
            if status != PARTIAL:
                part.begin(source, answer.headers)
            self._receive(answer, part, max_bytes)

    def _receive(self, answer: requests.Response, part: PartialFile, max_bytes: int) -> None:
        """Append the body of an answer to a part."""
        size = part.size
        with part.path.open("ab") as opened:
            for chunk in answer.iter_content(CHUNK_BYTES):
                size += len(chunk)
                if size > max_bytes:
                    part.remove()
                    raise FetchRefused(
                        f"the answer has more than {max_bytes} bytes; no genome needs that many"
                    )
                opened.write(chunk)
                self._tick(size)

    @contextmanager
    def _answer(
        self, address: str, asked: dict[str, str], headers: dict[str, str]
    ) -> Generator[requests.Response]:
        """Ask; faults of the network, while connecting and while reading, get our names."""
        timeout_s = self._settings.timeout_s
        try:
            with self._session.get(
                address, params=asked, headers=headers, timeout=timeout_s, stream=True
            ) as answer:
                yield answer
        except exceptions.RequestException as error:
            raise named_fault(error, timeout_s) from error

    def _is_unknown(self, accession: str) -> bool:
        """Tell whether the service says that it does not know an accession."""
        try:
            with self._answer(self._address(accession, "check"), {}, {}) as answer:
                found = json_of(answer)
        except OnecloneError:
            return False
        return accession in (found.get("invalid_assemblies") or ())

    def _address(self, accession: str, what: str) -> str:
        """Return the address to ask."""
        return f"{self._settings.base_url.rstrip('/')}/genome/accession/{accession}/{what}"


class _Session(requests.Session):
    """A session that shows its API key to no other host that an answer may point to."""

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        """Take the key out as well where requests takes out a password."""
        super().rebuild_auth(prepared_request, response)
        before, after = response.request.url or "", prepared_request.url or ""
        if self.should_strip_auth(before, after):
            prepared_request.headers.pop("api-key", None)


def _session(api_key: str) -> requests.Session:
    """Return a session; requests itself heeds proxies, NO_PROXY and REQUESTS_CA_BUNDLE."""
    session = _Session()
    session.headers["User-Agent"] = f"oneclone/{__version__}"
    if api_key:
        session.headers["api-key"] = api_key
    own = os.environ.get("SSL_CERT_FILE")
    if own and not os.environ.get("REQUESTS_CA_BUNDLE") and not os.environ.get("CURL_CA_BUNDLE"):
        session.verify = own
    return session
