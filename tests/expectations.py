"""Compare a verdict with what a simulated scenario says is right."""

from typing import Any

from oneclone.simulation.model import Expected


def check(verdict: dict[str, Any], expected: Expected) -> None:
    """Check a verdict against the right one."""
    clones = verdict["clones"]
    pairs = {(pair["isolate_a"], pair["isolate_b"]): pair for pair in verdict["pairs"]}
    assert verdict["verdict"] == expected.verdict, verdict["reasons"]
    assert [tuple(clone["members"]) for clone in clones] == list(expected.clones)
    assert tuple(clone["verdict"] for clone in clones) == expected.clone_verdicts
    assert verdict["exclusive"] is expected.exclusive
    assert verdict["distinct_from_panel"] is expected.distinct_from_panel
    assert set(expected.reasons) <= set(verdict["reasons"])
    if expected.verdict == "single_clone":
        assert tuple(verdict["reasons"]) == expected.reasons
    assert set(expected.caveats) <= set(verdict["caveats"])
    for right in expected.pairs:
        pair = pairs[right.first, right.second]
        assert pair["verdict"] == right.verdict, pair
        assert set(right.reasons) <= set(pair["reason"].split(",")), pair
    for words in expected.words:
        assert words in verdict["sentence"]
    for words in expected.unsaid:
        assert words not in verdict["sentence"]
