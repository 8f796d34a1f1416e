"""Every text that a file holds, however it was packed, escaped or encoded.

A value of the laboratory may hide in a zip in a zip, in base64 inside JSON, or behind `&#39;`;
each of these is undone here, one after the other and inside each other.
"""

import base64
import binascii
import gzip
import html
import io
import re
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterator

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
PNG_MAGIC = b"\x89PNG"
MAX_DEPTH = 6
MAX_UNESCAPED = 4
# 24 digits hold 18 bytes; a run of bases alone is a sequence.
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}", re.ASCII)
SEQUENCE = re.compile(r"[ACGTNacgtn-]+", re.ASCII)
JSON_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|(["\\/]))')
SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
WIDE = ("utf-16-le", "utf-16-be")


def texts_of(content: bytes, depth: int = 0) -> Iterator[str]:
    r"""Give every text that some bytes hold, composed (NFC) and folded to one case.

    Parameters
    ----------
    content
        Bytes of a file.
    depth
        How many packings were undone already.

    Examples
    --------
    >>> packed = gzip.compress(b'{"a": "&lt;Pt\\u0041&gt;"}')
    >>> any("<pta>" in text for text in texts_of(packed))
    True
    >>> link = b"data:text/csv;base64," + base64.b64encode(b"isolate,clinic Berne")
    >>> any("clinic berne" in text for text in texts_of(link))
    True
    """
    if depth > MAX_DEPTH:
        return
    for inner in _unpacked(content):
        yield from texts_of(inner, depth + 1)
    text = content.decode("utf-8", errors="replace")
    if content.startswith(PNG_MAGIC):  # its comments; what is painted cannot be read
        yield plain(text)
        return
    seen: set[str] = set()
    for form in _unescaped(text):
        if form not in seen:
            seen.add(form)
            yield plain(form)
            for inner in _from_base64(form):
                yield from texts_of(inner, depth + 1)
    if b"\0" in content:
        yield from (plain(content.decode(each, errors="replace")) for each in WIDE)


def plain(text: str) -> str:
    r"""Return a text composed (NFC) and folded to one case, as texts and values are compared.

    Examples
    --------
    >>> plain("Cafe\u0301 STRASSE") == plain("caf\u00e9 stra\u00dfe")
    True
    """
    return unicodedata.normalize("NFC", text).casefold()


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Give names and contents of a zip, and the content of a gzip."""
    if content.startswith(GZIP_MAGIC):
        try:
            yield gzip.decompress(content)
        except (OSError, EOFError, zlib.error):
            return
    if content.startswith(ZIP_MAGIC):
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            for entry in opened.infolist():
                yield entry.filename.encode() + b"\n" + entry.comment
                yield opened.read(entry)


def _unescaped(text: str) -> Iterator[str]:
    """Give a text with escapes of HTML, JSON and URLs undone, all of them until none is left."""
    for _ in range(MAX_UNESCAPED):
        yield text
        found = _without_json(html.unescape(text)) if "&" in text or "\\" in text else text
        if "%" in found:
            yield found
            found = urllib.parse.unquote(found, errors="replace")
        if found == text:
            return
        text = found
    yield text


def _without_json(text: str) -> str:
    """Return a text with the escapes of JSON undone, pairs of surrogates too."""
    if "\\" not in text:
        return text
    found = JSON_ESCAPE.sub(lambda hit: chr(int(hit[1], 16)) if hit[1] else hit[2], text)
    return SURROGATES.sub(
        lambda hit: hit[0].encode("utf-16", "surrogatepass").decode("utf-16"), found
    )


def _from_base64(text: str) -> Iterator[bytes]:
    """Give what is encoded in a text."""
    for hit in BASE64.finditer(text):
        run = hit[0].rstrip("=")
        if SEQUENCE.fullmatch(run):
            continue
        for altchars in (b"+/", b"-_") if set("-_") & set(run) else (b"+/",):
            try:
                yield base64.b64decode(_padded(run), altchars=altchars, validate=True)
            except binascii.Error:
                continue


def _padded(run: str) -> str:
    """Return a run of digits padded to whole groups; a lone digit at the end encodes nothing."""
    kept = run[: len(run) - (len(run) % 4 == 1)]
    return kept + "=" * (-len(kept) % 4)
