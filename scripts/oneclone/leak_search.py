"""Look for many values in texts at once, and say which values cannot be looked for.

The values are found by their first four bytes, all positions of a text at a time, so that
thousands of them cost hardly more than one.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oneclone.leak_forms import plain

SHORTEST = 4  # characters; shorter ones occur in any text by chance
WHOLE_BELOW = 8  # shorter values, and digits, count where no letter or digit is beside them alone
FEWEST_DIGITS = 8  # shorter numbers are also counts and positions on a genome
HEXADECIMAL_BELOW = 16
DATE = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", re.ASCII)
NUMBER = re.compile(r"[+-]?[0-9][0-9., +-]*", re.ASCII)
PLACE = re.compile(r"[+-]?[0-9]+\.[0-9]{3,}", re.ASCII)
HEXADECIMAL = re.compile(r"[0-9a-f]+", re.ASCII)
NO_WORD, NO_WORDS = re.compile(r"\W"), re.compile(r"\W+")
WINDOW = 4
GATHERED = 1 << 20
TOO_SHORT = f"shorter than {SHORTEST} characters: it occurs in any text by chance"
A_NUMBER = "so short a number is also a count or a position on a genome"


@dataclass(frozen=True)
class Value:
    """A value that must not be in a release, and what it is."""

    kind: str
    text: str


def untestable(value: Value) -> str:
    """Return why a value cannot be looked for, empty when it can.

    Examples
    --------
    >>> untestable(Value("patient", "17")) == TOO_SHORT, untestable(Value("patient", "170032"))
    (True, 'so short a number is also a count or a position on a genome')
    >>> untestable(Value("collection_date", "2022-10")), untestable(Value("isolate", "PtA-CSF"))
    ('', '')
    """
    text = plain(value.text).strip()
    if len(text) < SHORTEST:
        return TOO_SHORT
    digits = sum(letter.isdigit() for letter in text)
    is_short = NUMBER.fullmatch(text) and digits < FEWEST_DIGITS
    if is_short and not DATE.fullmatch(text) and not PLACE.fullmatch(text):
        return A_NUMBER
    return ""


class LeakSearch:
    """Find values in texts.

    Parameters
    ----------
    values
        Values that can be looked for; also found where blanks and signs in them became `_`.
    """

    def __init__(self, values: Iterable[Value]) -> None:
        self._by_start: dict[int, list[tuple[bytes, Value]]] = {}
        for value in values:
            for form in _forms(value.text):
                start = int.from_bytes(form[:WINDOW], "little")
                self._by_start.setdefault(start, []).append((form, value))
        self._starts = np.array(sorted(self._by_start), dtype=np.uint32)

    def found_in(self, texts: Iterable[str]) -> Mapping[Value, str]:
        """Return the values that occur in texts, each with what stands around it."""
        found: dict[Value, str] = {}
        for text in _gathered(texts):
            content = text.encode("utf-8", errors="replace")
            for place in self._places(content):
                for form, value in self._at(content, place):
                    if value not in found:
                        around = content[max(0, place - 40) : place + len(form) + 40]
                        found[value] = around.decode("utf-8", errors="replace")
        return found

    def _places(self, content: bytes) -> Iterator[int]:
        """Give the positions at which a value may begin."""
        if len(content) < WINDOW or not len(self._starts):
            return
        letters = np.frombuffer(content, dtype=np.uint8).astype(np.uint32)
        length = len(letters) - WINDOW + 1
        windows: NDArray[np.uint32] = letters[:length].copy()
        for shift in range(1, WINDOW):
            windows |= letters[shift : shift + length] << np.uint32(8 * shift)
        nearest = np.searchsorted(self._starts, windows)
        nearest[nearest == len(self._starts)] = 0
        yield from np.flatnonzero(self._starts[nearest] == windows).tolist()

    def _at(self, content: bytes, place: int) -> Iterator[tuple[bytes, Value]]:
        """Give the values that stand at a position."""
        start = int.from_bytes(content[place : place + WINDOW], "little")
        for form, value in self._by_start[start]:
            end = place + len(form)
            if content[place:end] == form and (
                not _must_be_whole(form) or _is_whole(content, place, end)
            ):
                yield form, value


def split_values(
    values: Collection[Value], public: Iterable[str], accepted: Collection[str]
) -> tuple[list[Value], dict[Value, str]]:
    """Return the values that can be looked for, and why the others cannot.

    Parameters
    ----------
    values
        Values that must not be in a release.
    public
        Texts that hold nothing of the laboratory but occur in a release.
    accepted
        Values that the user has accepted.
    """
    reasons = {value: reason for value in values if (reason := untestable(value))}
    left = [value for value in values if value not in reasons]
    reasons |= {value: "accepted by --accept" for value in left if value.text in accepted}
    left = [value for value in left if value not in reasons]
    common = LeakSearch(left).found_in(public)
    reasons |= dict.fromkeys(common, "also in the panel, or in oneclone's own words and labels")
    return [value for value in left if value not in common], reasons


def _gathered(texts: Iterable[str]) -> Iterator[str]:
    """Give texts joined by line ends, which no value holds, so that none of them is tiny."""
    waiting: list[str] = []
    length = 0
    for text in texts:
        waiting.append(text)
        length += len(text)
        if length >= GATHERED:
            yield "\n".join(waiting)
            waiting, length = [], 0
    yield "\n".join(waiting)


def _forms(text: str) -> set[bytes]:
    """Return the forms in which a value is looked for."""
    value = plain(text).strip()
    found = {value, NO_WORD.sub("_", value), NO_WORDS.sub("_", value).strip("_")}
    return {form.encode() for form in found if len(form.strip("_")) >= SHORTEST}


def _must_be_whole(form: bytes) -> bool:
    """Return whether a value may be part of another word or number by chance."""
    text = form.decode()
    if len(text) < WHOLE_BELOW or NUMBER.fullmatch(text):
        return True
    return len(text) < HEXADECIMAL_BELOW and HEXADECIMAL.fullmatch(text) is not None


def _is_whole(content: bytes, start: int, end: int) -> bool:
    """Return whether no letter or digit stands beside a place."""
    before, after = content[max(0, start - 1) : start], content[end : end + 1]
    return not any(letter.isalnum() or letter >= b"\x80" for letter in (before, after) if letter)
