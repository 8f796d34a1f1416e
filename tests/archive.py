"""A local server that speaks the interface of NCBI Datasets, with faults on demand."""

import functools
import hashlib
import io
import json
import random
import re
import sys
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ADDRESS = re.compile(r"(?:http://[^/]+)?/datasets/v2/genome/accession/([^/]+)/(download|check)")
TAG = '"one-content"'


@functools.cache
def fasta(seed: int, bases: int = 100_000) -> bytes:
    """Return a genome of two contigs in lines of 80 bases."""
    letters = "".join(random.Random(seed).choices("ACGT", k=bases))  # noqa: S311
    contigs = letters[: bases // 2], letters[bases // 2 :]
    return "".join(
        f">NZ_{seed}{number}.1 Bacterium\n"
        + "".join(f"{contig[at : at + 80]}\n" for at in range(0, len(contig), 80))
        for number, contig in enumerate(contigs)
    ).encode()


def report(accession: str, **info: str) -> dict:
    """Return the data report of an assembly, as far as it matters here."""
    return {
        "accession": accession,
        "currentAccession": accession,
        "organism": {
            "organismName": "Mycobacteroides abscessus",
            "infraspecificNames": {"strain": "ATCC 19977"},
            "taxId": 36809,
        },
        "assemblyInfo": {"assemblyName": "ASM1", "assemblyStatus": "current", **info},
    }


@functools.cache
def package(accession: str, content: bytes, **changes: bytes | None) -> bytes:
    """Return the zip of an assembly; `changes` replace files by key, `None` leaves one out."""
    genome = f"ncbi_dataset/data/{accession}/{accession}_ASM1_genomic.fna"
    data = json.dumps(report(accession)).encode() + b"\n"
    files: dict[str, bytes | None] = {
        "README.md": b"# NCBI Datasets\n",
        "ncbi_dataset/data/assembly_data_report.jsonl": changes.get("report", data),
        genome: content,
        "ncbi_dataset/data/dataset_catalog.json": b"{}",
        "md5sum.txt": changes.get(
            "checksums",
            f"{hashlib.md5(content).hexdigest()}  {genome}\n".encode(),  # noqa: S324
        ),
    }
    return zipped({name: data for name, data in files.items() if data is not None})


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip of files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in files.items():
            opened.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


@dataclass
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]


@dataclass
class Archive:
    """What the server holds, what it does wrong, and what it was asked.

    `faults` of an accession are used up, one per download; then its package is served.
    """

    packages: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, list[Callable[["Handler"], None]]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    ranges: bool = False
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)
    stalled: threading.Event = field(default_factory=threading.Event)

    def add(self, accession: str, seed: int, **changes: bytes | None) -> bytes:
        """Hold an assembly; return its FASTA."""
        content = fasta(seed)
        self.packages[accession] = package(accession, content, **changes)
        return content

    @property
    def base_url(self) -> str:
        return f"{self.url}/datasets/v2"

    def downloads(self) -> list[str]:
        """Return the accessions in the order in which they were asked for."""
        found = [ADDRESS.match(each.path) for each in self.asked]
        return [match.group(1) for match in found if match and match.group(2) == "download"]

    def __enter__(self) -> "Archive":
        handler = type("BoundHandler", (Handler,), {"archive": self})
        self._server = QuietServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


class QuietServer(ThreadingHTTPServer):
    """Says nothing of a client that was killed in the middle of a request."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    archive: Archive

    def do_GET(self) -> None:
        self.archive.asked.append(Asked(self.path, dict(self.headers)))
        match = ADDRESS.match(self.path)
        self.accession = match.group(1) if match else ""
        faults = self.archive.faults.get(self.accession, [])
        if not match:
            self.answer(404, b'{"code": 5, "message": "Not Found"}', kind="application/json")
        elif match.group(2) == "check":
            known = self.accession in self.archive.packages
            key = "valid_assemblies" if known else "invalid_assemblies"
            body = json.dumps({key: [self.accession]}).encode()
            self.answer(200, body, kind="application/json")
        elif faults:
            faults.pop(0)(self)
        else:
            self.serve(self.archive.packages.get(self.accession) or UNKNOWN)

    def serve(self, body: bytes, sent: int | None = None) -> None:
        """Send a package, from where it is asked for; break off after `sent` bytes."""
        headers = {"Accept-Ranges": "bytes", "ETag": TAG} if self.archive.ranges else {}
        status, first = 200, 0
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if self.archive.ranges and asked and self.headers.get("If-Range") == TAG:
            status, first = 206, int(asked.group(1))
            headers["Content-Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
        self.answer(status, body[first:], sent=sent, **headers)

    def answer(
        self,
        status: int,
        body: bytes = b"",
        *,
        kind: str = "application/zip",
        sent: int | None = None,
        **headers: str,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body[:sent])
        self.close_connection = sent is not None

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


UNKNOWN = zipped({"README.md": b"# NCBI Datasets\n" * 60})[:-22]  # without its end, as the archive


def status(code: int, message: str = "", kind: str = "application/json", **headers: str):
    """Return a fault: an answer of this status."""
    body = json.dumps({"code": code, "message": message}).encode()
    return lambda handler: handler.answer(code, body, kind=kind, **headers)


def page(code: int = 200, kind: str = "text/html"):
    """Return a fault: a web page, as a captive portal shows."""
    return lambda handler: handler.answer(
        code, b"\n<!doctype html><title>Log in</title>", kind=kind
    )


def cut(sent: int):
    """Return a fault: the connection breaks off after so many bytes."""
    return lambda handler: handler.serve(handler.archive.packages[handler.accession], sent)


def cut_chunked(sent: int):
    """Return a fault: the same without a length, as the archive streams."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/zip")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        body = handler.archive.packages[handler.accession][:sent]
        handler.wfile.write(f"{len(body):x}\r\n".encode() + body + b"\r\n")
        handler.close_connection = True

    return answer


def stall(sent: int):
    """Return a fault: no byte comes any more after so many."""

    def answer(handler: Handler) -> None:
        handler.serve(handler.archive.packages[handler.accession], sent)
        handler.wfile.flush()
        handler.archive.stalled.set()
        handler.archive.released.wait(30)

    return answer


def body(content: bytes):
    """Return a fault: something else as the package."""
    return lambda handler: handler.answer(200, content)
