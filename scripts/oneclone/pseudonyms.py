"""Keyed pseudonyms: equal names and an equal key give equal pseudonyms, and no one else can tell.

A pseudonym is made of HMAC-SHA256 of the composed (NFC) name, so that a list of likely names is of
no use without the key.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from oneclone.model.isolates import normal_name

KEY_BYTES = 32
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O and U
BITS = 5
DIGITS = 8  # 40 bits: two of 2000 names collide once in half a million releases
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Secret:
    """A random key; it is never printed."""

    key: bytes = field(repr=False)

    def digest(self, kind: str, text: str) -> bytes:
        """Return what the key makes of a text; a name as patient is another than as isolate."""
        return hmac.digest(self.key, f"{kind}\0{text}".encode(), hashlib.sha256)

    def hexadecimal(self, kind: str, text: str) -> str:
        """Return 64 hexadecimal digits that stand for a text."""
        return self.digest(kind, text).hex()


def coded(secret: Secret, kind: str, prefix: str, names: Iterable[str]) -> dict[str, str]:
    """Return the pseudonym of each name; those of two names that would be one get more digits.

    Parameters
    ----------
    secret
        The key.
    kind
        What the names are of.
    prefix
        Letters before the code.
    names
        Names as typed.

    Examples
    --------
    >>> coded(Secret(bytes(32)), "isolate", "ISO", ["PtA-CSF"])
    {'PtA-CSF': 'ISO-MB0BEEMB'}
    """
    digests = {name: secret.digest(kind, normal_name(name)) for name in set(names)}
    lengths = dict.fromkeys(digests, DIGITS)
    while True:
        codes = {name: _code(digests[name], lengths[name]) for name in sorted(digests)}
        times = Counter(codes.values())
        repeated = [name for name in codes if times[codes[name]] > 1]
        if not repeated:
            return {name: f"{prefix}-{code}" for name, code in codes.items()}
        lengths |= {name: lengths[name] + 1 for name in repeated}


def lettered(secret: Secret, kind: str, word: str, names: Iterable[str]) -> dict[str, str]:
    """Return a letter for each name, in an order that the key decides; blank stays blank.

    Examples
    --------
    >>> lettered(Secret(bytes(32)), "clinic", "Clinic", ["Berne", "Aarau", ""])
    {'Aarau': 'Clinic A', 'Berne': 'Clinic B'}
    """
    order = sorted({*names} - {""}, key=lambda name: secret.digest(kind, normal_name(name)))
    return {name: f"{word} {letter(number)}" for number, name in enumerate(order)}


def letter(number: int) -> str:
    """Return the letter of a number, counted from 0: A to Z, then AA.

    Examples
    --------
    >>> letter(0), letter(25), letter(26), letter(701), letter(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    rest, digit = divmod(number, len(LETTERS))
    return (letter(rest - 1) if rest else "") + LETTERS[digit]


def _code(digest: bytes, digits: int) -> str:
    """Return the first digits of a digest in base 32."""
    number = int.from_bytes(digest)
    total = 8 * len(digest)
    shifts = range(total - BITS, total - BITS * (digits + 1), -BITS)
    return "".join(ALPHABET[number >> shift & (len(ALPHABET) - 1)] for shift in shifts)
