"""Pairs that earlier runs counted, kept in SQLite so that only new ones are counted.

A pair is known by the calls keys of its two isolates and by the digest of all else that enters
its count. No name is kept: who carries a stretch is kept as the number of the calls key, 0 for
the smaller one. Each row has a checksum over what it says and what it says it of, so that a
damaged row is counted again. A store that cannot be used is said so and done without.
"""

import hashlib
import json
import sqlite3
from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from oneclone.model.pairs import FilterOutcome, Stretch, Suspicion
from oneclone.pair_counting import CountedPair, CountingRule, unscanned_pair

SCHEMA = """
CREATE TABLE IF NOT EXISTS rules (
    id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, code TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS genomes (
    id INTEGER PRIMARY KEY, calls_key TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE IF NOT EXISTS pairs (
    rule INTEGER, one INTEGER, two INTEGER, callable_bp INTEGER NOT NULL, snps INTEGER NOT NULL,
    scan TEXT, checksum BLOB NOT NULL, PRIMARY KEY (rule, one, two)
) STRICT, WITHOUT ROWID;
"""
SELECT = """
SELECT one, two, callable_bp, snps, scan, checksum FROM pairs
WHERE rule = ? AND one IN (SELECT value FROM json_each(?))
AND two IN (SELECT value FROM json_each(?))
"""
DROP = (
    "DELETE FROM pairs WHERE rule IN (SELECT id FROM rules WHERE code != ?)",
    "DELETE FROM rules WHERE code != ?",
)
TIMEOUT_S = 60
CHECKSUM_BYTES = 8
NOT_DAMAGED = {  # the file may be whole, but cannot be used now
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}

Keys = tuple[str, str]


@dataclass(frozen=True)
class KeptPair:
    """A counted pair without names: compared bases, raw differences; JSON if it was scanned."""

    callable_bp: int
    snps: int
    scan: str | None


def without_names(counted: CountedPair, one: str) -> KeptPair:
    """Return what is kept of a pair.

    Parameters
    ----------
    counted
        The pair.
    one
        Name of its isolate with the smaller calls key.
    """
    pair = counted.pair
    if pair.filter is FilterOutcome.NOT_SCANNED:
        return KeptPair(pair.callable_bp, pair.snps_raw or 0, None)
    indels = {pair.first: pair.first_indels, pair.second: pair.second_indels}
    stretches = [
        (
            *(each.start, each.end, each.snps, each.callable_bp, each.log10_p),
            sorted(int(name != one) for name in each.carriers),
            each.suspicions,
        )
        for each in counted.stretches
    ]
    scan = (
        *(pair.snps, pair.recombinant_bp, pair.filter, pair.filter_reason),
        *(indels[one], indels[pair.other(one)], stretches),
    )
    return KeptPair(pair.callable_bp, pair.snps_raw or 0, json.dumps(scan, separators=(",", ":")))


def with_names(kept: KeptPair, names: tuple[str, str], rule: CountingRule) -> CountedPair:
    """Return a kept pair as it is counted for isolates with these names.

    Parameters
    ----------
    kept
        What was kept.
    names
        Names of its isolates, that with the smaller calls key first.
    rule
        By which it was counted.
    """
    first, second = sorted(names)
    pair = unscanned_pair(first, second, kept.callable_bp, kept.snps, rule)
    if kept.scan is None:
        return CountedPair(pair, ())
    snps, recombinant_bp, outcome, reason, *indels, stretches = json.loads(kept.scan)
    indels_of: dict[str, int] = dict(zip(names, indels, strict=True))
    scanned = replace(
        pair,
        snps=snps,
        recombinant_bp=recombinant_bp,
        filter=FilterOutcome(outcome),
        filter_reason=reason,
        first_indels=indels_of[first],
        second_indels=indels_of[second],
    )
    removed = (
        Stretch(
            *numbers,
            carriers=tuple(sorted(name for at, name in enumerate(names) if at in carriers)),
            suspicions=tuple(map(Suspicion, suspicions)),
        )
        for *numbers, carriers, suspicions in stretches
    )
    return CountedPair(scanned, tuple(removed))


class PairStore:
    """The pairs that were counted in a working directory; use it as a context manager.

    Parameters
    ----------
    path
        The database; made when absent, made anew when damaged.
    code
        Digest of the code that counts. What another version counted is dropped.

    Attributes
    ----------
    complaints
        Why pairs that may have been kept are counted again.
    """

    def __init__(self, path: Path, code: str) -> None:
        self.complaints: list[str] = []
        self._path = path
        self._code = code
        self._database: sqlite3.Connection | None = None
        with self._forgiving():
            self._open()

    def __enter__(self) -> "PairStore":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._database:
            self._database.close()

    def known(
        self, rule: str, rows: Collection[str], columns: Collection[str]
    ) -> Mapping[Keys, KeptPair]:
        """Return the kept pairs of some isolates with others, by their sorted calls keys.

        Parameters
        ----------
        rule
            Digest of all that enters a count beside the calls.
        rows, columns
            Calls keys.
        """
        found: dict[Keys, KeptPair] = {}
        if self._database is None or rule not in self._rules:
            return found
        key_of = {self._genomes[key]: key for key in {*rows, *columns} if key in self._genomes}
        ids = {key: number for number, key in key_of.items()}
        sides = [
            json.dumps([ids[key] for key in sorted(set(side)) if key in ids])
            for side in (rows, columns)
        ]
        damaged = 0
        with self._forgiving():
            for one, two in (sides, sides[::-1]):
                asked = (self._rules[rule], one, two)
                for left, right, *values, checksum in self._database.execute(SELECT, asked):
                    keys, kept = (key_of[left], key_of[right]), KeptPair(*values)
                    if checksum == _checksum(rule, keys, kept):
                        found[keys] = kept
                    else:
                        damaged += 1
        if damaged:
            self.complaints.append(f"{damaged} kept pairs are damaged and counted again")
        return found

    def keep(self, rule: str, pairs: Iterable[tuple[Keys, KeptPair]]) -> None:
        """Keep counted pairs, at once and for good.

        Parameters
        ----------
        rule
            Digest of all that entered the count beside the calls.
        pairs
            Pairs with their sorted calls keys.
        """
        if self._database is None:
            return
        with self._forgiving(), self._database:
            rows = [
                (
                    *(self._rule(rule), *map(self._genome, keys)),
                    *(kept.callable_bp, kept.snps, kept.scan, _checksum(rule, keys, kept)),
                )
                for keys, kept in pairs
            ]
            self._database.executemany(
                "INSERT OR REPLACE INTO pairs VALUES (?, ?, ?, ?, ?, ?, ?)", rows
            )

    def _open(self) -> None:
        """Open the database and drop what another version of the code counted."""
        self._database = sqlite3.connect(self._path, timeout=TIMEOUT_S)
        self._database.executescript(SCHEMA)
        with self._database:
            for statement in DROP:
                self._database.execute(statement, (self._code,))
        self._rules: dict[str, int] = dict(self._database.execute("SELECT digest, id FROM rules"))
        self._genomes: dict[str, int] = dict(
            self._database.execute("SELECT calls_key, id FROM genomes")
        )

    def _rule(self, digest: str) -> int:
        """Return the number of a rule; a new one gets its number."""
        if digest not in self._rules:
            values = (digest, self._code)
            self._rules[digest] = self._insert("rules (digest, code) VALUES (?, ?)", values)
        return self._rules[digest]

    def _genome(self, key: str) -> int:
        """Return the number of a calls key; a new one gets its number."""
        if key not in self._genomes:
            self._genomes[key] = self._insert("genomes (calls_key) VALUES (?)", (key,))
        return self._genomes[key]

    def _insert(self, what: str, values: tuple[str, ...]) -> int:
        """Insert a row; return its number."""
        if self._database is None:
            raise sqlite3.OperationalError("the store is closed")
        return self._database.execute(f"INSERT INTO {what}", values).lastrowid or 0

    @contextmanager
    def _forgiving(self) -> Generator[None]:
        """Do without the store when it fails; one that is damaged is made anew."""
        try:
            yield
        except sqlite3.Error as error:
            if self._database:
                self._database.close()
                self._database = None
            why = f"counted pairs cannot be read from or kept in {self._path} ({error})"
            self.complaints.append(f"{why}; what is not known is counted")
            code = getattr(error, "sqlite_errorcode", None)
            if code is None or code & 0xFF not in NOT_DAMAGED:
                self._make_anew()

    def _make_anew(self) -> None:
        """Put an empty store in the place of a damaged one."""
        try:
            for suffix in ("", "-journal"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            self._open()
        except (OSError, sqlite3.Error) as error:
            self._database = None
            self.complaints.append(f"{self._path} cannot be made anew ({error})")


def _checksum(rule: str, keys: Keys, kept: KeptPair) -> bytes:
    """Return the checksum of a kept pair, which holds for this rule and these calls alone."""
    values = (rule, *keys, kept.callable_bp, kept.snps, kept.scan)
    return hashlib.blake2b(repr(values).encode(), digest_size=CHECKSUM_BYTES).digest()
