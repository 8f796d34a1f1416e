"""Compare a verdict with what a simulated scenario says is right."""

from collections.abc import Iterator, Mapping
from typing import Any

from oneclone.simulation.model import Expected


def departures(verdict: Mapping[str, Any], expected: Expected) -> list[str]:
    """Return in what a verdict departs from the right one, nothing where it is right.

    Parameters
    ----------
    verdict
        Content of `verdict.json`.
    expected
        What is right: set verdict, clones and their verdicts, findings, reasons and caveats that
        have to be given, pairs, words that have to and words that may not occur in the sentence.
    """
    return [*_findings(verdict, expected), *_codes(verdict, expected), *_pairs(verdict, expected)]


def _findings(verdict: Mapping[str, Any], expected: Expected) -> Iterator[str]:
    """Give what departs in verdicts, clones and words."""
    clones = verdict["clones"]
    found = {
        "verdict": (verdict["verdict"], expected.verdict),
        "clones": ([tuple(each["members"]) for each in clones], list(expected.clones)),
        "clone verdicts": ([each["verdict"] for each in clones], list(expected.clone_verdicts)),
        "exclusive": (verdict["exclusive"], expected.exclusive),
        "distinct_from_panel": (verdict["distinct_from_panel"], expected.distinct_from_panel),
    }
    for what, (has, right) in found.items():
        if has != right:
            yield f"{what}: {has}, not {right}"
    for words in expected.words:
        if words not in verdict["sentence"]:
            yield f"the sentence lacks '{words}'"
    for words in expected.unsaid:
        if words in verdict["sentence"]:
            yield f"the sentence says '{words}'"


def _codes(verdict: Mapping[str, Any], expected: Expected) -> Iterator[str]:
    """Give what departs in reasons and caveats; a single clone has no other reason."""
    reasons = tuple(verdict["reasons"])
    if expected.verdict == "single_clone" and reasons != expected.reasons:
        yield f"reasons: {', '.join(reasons)}, not {', '.join(expected.reasons)}"
    for code in sorted({*expected.reasons} - {*reasons}):
        yield f"reason {code} is not given"
    for code in sorted({*expected.caveats} - {*verdict["caveats"]}):
        yield f"caveat {code} is not given"


def _pairs(verdict: Mapping[str, Any], expected: Expected) -> Iterator[str]:
    """Give what departs in pairs of cases."""
    pairs = {(each["isolate_a"], each["isolate_b"]): each for each in verdict["pairs"]}
    for right in expected.pairs:
        name = f"{right.first}, {right.second}"
        pair = pairs.get((right.first, right.second))
        if pair is None:
            yield f"pair {name} is missing"
        elif pair["verdict"] != right.verdict or not {*right.reasons} <= {
            *pair["reason"].split(",")
        }:
            yield (
                f"pair {name}: {pair['verdict']} ({pair['reason']}), not {right.verdict} "
                f"({','.join(right.reasons)})"
            )
