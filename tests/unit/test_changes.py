"""What changed between two runs, and that the rest did not."""

from dataclasses import replace

from oneclone.changes import changes, match_isolates
from oneclone.model.history import (
    ChangeKind,
    DecisionKind,
    History,
    KnownIsolate,
    KnownVerdict,
    Snapshot,
)
from oneclone.reporting.changes_section import FIRST, ChangesSection, changes_section
from tests.reliability.trials import case

Row = tuple[str, str, str, str]


def isolate(name: str, clone: str = "X", **more) -> KnownIsolate:
    values = {"role": "case", "state": "used", "reason": "", "sha256": f"file-{name}"}
    values |= {"genome": f"genome-{name}", "clone": clone, "settled_clone": clone}
    return KnownIsolate(name, **(values | more))


def context(name: str, **more) -> KnownIsolate:
    return isolate(name, "", role="context", **more)


def run(*isolates: KnownIsolate, **more) -> Snapshot:
    values = {"verdict": "single_clone", "reasons": ("within_linked",), "clones": (), "pairs": ()}
    values |= {"settings": {"tree": {"seed": 1}}, "versions": {"numpy": "2"}} | more
    return Snapshot(
        identity="i", investigation="", panel="p", panel_version="1", sentence="",
        isolates=isolates, **values,
    )  # fmt: skip


def found(before: Snapshot, after: Snapshot, earlier=(), distances=(None, None)) -> set[Row]:
    names = {each.settled_clone for each in (*before.isolates, *earlier)} - {""}
    past = History(1, before, tuple(earlier), tuple(sorted(names)))
    old, new = distances
    rows = changes(past, after, old, new or {})
    return {(str(row.kind), row.subject, row.before, row.after) for row in rows}


def test_changes_nothing_changed():
    assert found(run(isolate("a")), run(isolate("a"))) == set()


def test_changes_first_run_has_none():
    assert changes(History(), run(isolate("a")), None, {}) == ()


def test_changes_new_isolate_joins_and_another_founds():
    assert found(run(isolate("a")), run(isolate("a"), isolate("b"), isolate("c", "Y"))) == {
        ("new_isolate", "b", "", "used"),
        ("joined", "b", "", "X"),
        ("new_isolate", "c", "", "used"),
        ("founded", "Y", "", "c"),
    }


def test_changes_context_isolate_is_new_but_joins_nothing():
    assert found(run(isolate("a")), run(isolate("a"), context("b"))) == {
        ("new_isolate", "b", "", "used")
    }


def test_changes_patient_without_isolate_receives_one():
    before = isolate("c", "", state="not_assessed", sha256="", genome="", reason="no_isolate")
    assert found(run(isolate("a"), before), run(isolate("a"), isolate("c"))) == {
        ("new_isolate", "c", "not_assessed", "used"),
        ("joined", "c", "", "X"),
    }


def test_changes_removed_row_ends_a_clone_of_its_own_and_comes_back():
    both, one = run(isolate("a"), isolate("b", "Y")), run(isolate("a"))
    assert found(both, one) == {("withdrawn", "b", "used", ""), ("ended", "Y", "b", "")}
    assert found(one, both, earlier=[isolate("b", "Y")]) == {
        ("restored", "b", "", "used"),
        ("joined", "b", "", "Y"),
    }


def test_changes_withdrawn_by_a_decision_and_restored():
    gone = isolate("b", "", state="quarantined", reason="withdrawn", genome="")
    before, after = run(isolate("a"), isolate("b")), run(isolate("a"), gone)
    assert found(before, after) == {("withdrawn", "b", "used", "quarantined")}
    assert found(after, before, earlier=[isolate("b")]) == {
        ("restored", "b", "quarantined", "used"),
        ("joined", "b", "", "X"),
    }


def test_changes_another_file_in_the_place_of_a_withdrawn_one_is_restored_by_nobody():
    gone = isolate("b", "", state="quarantined", reason="withdrawn", genome="")
    other = isolate("b", "Y", sha256="other", genome="other")
    assert found(run(isolate("a"), gone), run(isolate("a"), other), earlier=[isolate("b")]) == {
        ("input_replaced", "b", "file-b", "other"),
        ("state_changed", "b", "quarantined", "used"),
        ("founded", "Y", "", "b"),
    }
    packed = replace(gone, sha256="packed")
    assert found(run(isolate("a"), gone), run(isolate("a"), packed)) == {
        ("input_rewritten", "b", "file-b", "packed")
    }
    back = isolate("b", sha256="packed")
    assert found(run(isolate("a"), gone), run(isolate("a"), back), earlier=[isolate("b")]) == {
        ("input_rewritten", "b", "file-b", "packed"),
        ("restored", "b", "quarantined", "used"),
        ("joined", "b", "", "X"),
    }


def test_changes_row_that_comes_back_with_other_sequences_is_new():
    back = isolate("b", "Y", genome="other")
    change = {("new_isolate", "b", "", "used"), ("founded", "Y", "", "b")}
    earlier = [isolate("b"), context("c", genome="other")]
    assert found(run(isolate("a")), run(isolate("a"), back), earlier=earlier[:1]) == change
    before, after = run(isolate("a"), earlier[1]), run(isolate("a"), back, earlier[1])
    assert found(before, after, earlier=earlier) == change


def test_changes_emptied_cell_is_no_other_assembly():
    empty = isolate("b", "", state="not_assessed", reason="no_isolate", sha256="", genome="")
    assert found(run(isolate("a"), isolate("b")), run(isolate("a"), empty)) == {
        ("state_changed", "b", "used", "not_assessed")
    }


def test_changes_replaced_assembly_neither_merges_nor_splits_nor_keeps_clones():
    b_in_x, replaced = isolate("b"), isolate("b", sha256="other", genome="other")
    row = ("input_replaced", "b", "file-b", "other")
    assert found(run(isolate("a"), isolate("b", "Y")), run(isolate("a"), replaced)) == {
        row,
        ("joined", "b", "Y", "X"),
        ("ended", "Y", "b", ""),
    }
    apart = replace(replaced, clone="Y", settled_clone="Y")
    assert found(run(isolate("a"), b_in_x), run(isolate("a"), apart)) == {
        row,
        ("founded", "Y", "", "b"),
    }
    kept = run(isolate("a", "Y"), b_in_x), run(isolate("a", "Y"), replaced)
    assert found(*kept) == {row}


def test_changes_clones_merge():
    before = run(isolate("a"), isolate("b", "Y"), isolate("c", "Z"))
    assert found(before, run(isolate("a"), isolate("b"), isolate("c"))) == {
        ("merged", "X", "X, Y, Z", "X")
    }


def test_changes_clone_splits():
    before = run(isolate("a"), isolate("b"))
    assert found(before, run(isolate("a"), isolate("b", "Y"))) == {
        ("split", "X", "X", "X, Y"),
        ("founded", "Y", "", "b"),
    }


def test_changes_isolate_moves_between_clones_that_stay():
    before = run(isolate("a"), isolate("b"), isolate("c", "Y"))
    after = run(isolate("a"), isolate("b", "Y"), isolate("c", "Y"))
    assert ("joined", "b", "X", "Y") in found(before, after)


def test_changes_bridge_isolate_waits_until_it_is_accepted():
    held = [
        replace(isolate("a", "X"), clone="X + Y"),
        replace(isolate("b", "Y"), clone="X + Y"),
        replace(isolate("c", ""), clone="X + Y"),
    ]
    before = run(isolate("a"), isolate("b", "Y"))
    bridge = ("bridge_isolate", "c", "X, Y", "X + Y")
    assert found(before, run(*held)) == {bridge, ("new_isolate", "c", "", "used")}
    assert found(run(*held), run(*held)) == {bridge}
    accepted = run(isolate("a"), isolate("b"), isolate("c"))
    assert found(run(*held), accepted) == {("merged", "X", "X, Y", "X"), ("joined", "c", "", "X")}


def test_changes_bridge_isolate_that_a_decision_holds_does_not_wait():
    parts = [replace(isolate("a", "X"), clone="X + Y"), replace(isolate("b", "Y"), clone="X + Y")]
    after = run(*parts, replace(isolate("c", ""), clone="X + Y"))
    waiting = History(7, after, (), ("X", "Y"))
    holding = replace(waiting, decisions={"genome-c": DecisionKind.HOLD})
    for past, words in ((waiting, "waits for a decision"), (holding, "are kept apart by a dec")):
        found = changes(past, after, None, {})
        assert ("wait for" in found[0].reason) == (past is waiting)
        assert words in " ".join(changes_section(past, found, after.verdict).sentences)


def test_changes_section_replaced_assembly_is_not_among_the_unchanged_distances():
    before, after = (
        run(isolate("a"), isolate("b")),
        run(isolate("a"), isolate("b", genome="other", sha256="new")),
    )
    past = History(7, before, (), ("X",))
    found = changes(past, after, {("a", "b"): "snps=3 "}, {("a", "b"): "snps=9 "})
    text = " ".join(changes_section(past, found, after.verdict).sentences)
    assert "Assembly replaced, all distances counted anew: b." in text
    assert "Of isolates" not in text


def test_changes_replaced_rewritten_renamed():
    before = run(isolate("a"), isolate("b"), isolate("c"))
    after = run(
        isolate("a", sha256="other", genome="other"),
        isolate("b", sha256="packed"),
        isolate("d", sha256="file-c", genome="genome-c"),
    )
    assert found(before, after) == {
        ("input_replaced", "a", "file-a", "other"),
        ("input_rewritten", "b", "file-b", "packed"),
        ("renamed", "d", "c", "d"),
    }


def test_changes_two_rows_of_one_genome_are_not_taken_for_renamed():
    twins = [isolate("a", genome="g"), isolate("b", genome="g")]
    same = match_isolates(twins, [isolate("c", genome="g"), isolate("d", genome="g")])
    assert same.new_name == {}


@case(
    57,
    "another version of a program, another setting",
    "`version_changed` and `setting_changed` in changes.tsv with old and new value",
)
def test_changes_metadata_state_address_settings_versions():
    before = run(
        isolate("a", metadata={"clinic": "1", "patient": "A"}, address=(2, 1)),
        context("b"),
    )
    after = replace(
        run(
            isolate("a", metadata={"clinic": "2"}, address=(3, 1)),
            context("b", state="quarantined", reason="too_short"),
            settings={"tree": {"seed": 2}},
            versions={"numpy": "3"},
        ),
        panel_version="2",
    )
    assert found(before, after) == {
        ("metadata_changed", "a", "1", "2"),
        ("metadata_changed", "a", "A", ""),
        ("address_changed", "a", "1.2", "1.3"),
        ("state_changed", "b", "used", "quarantined"),
        ("setting_changed", "tree.seed", "1", "2"),
        ("version_changed", "numpy", "2", "3"),
        ("version_changed", "panel p", "1", "2"),
    }


@case(
    57,
    "verdicts that changed",
    "`verdict_changed` for the set, each clone and each pair, with the reasons that came and went",
)
def test_changes_verdicts_say_which_reasons_came_and_went():
    pairs = (KnownVerdict("a", "b", "linked", "within_linked"),)
    later = (KnownVerdict("a", "b", "indeterminate", "within_linked,background_as_close"),)
    before = run(isolate("a"), isolate("b"), pairs=pairs)
    after = run(
        isolate("a"), isolate("b"), pairs=later, verdict="indeterminate", reasons=("not_exclusive",)
    )
    rows = changes(History(1, before, (), ("X",)), after, None, {})
    assert [(row.subject, row.partner, row.before, row.after, row.reason) for row in rows] == [
        (
            *("a", "b", "linked", "indeterminate"),
            "now: background_as_close; still: within_linked",
        ),
        (
            *("all cases", "", "single_clone", "indeterminate"),
            "now: not_exclusive; no longer: within_linked",
        ),
    ]


def test_changes_the_same_verdict_for_other_reasons_is_told():
    before, after = (run(isolate("a"), reasons=(each,)) for each in ("not_robust", "no_background"))
    (row,) = changes(History(1, before, (), ("X",)), after, None, {})
    assert (row.kind, row.subject) == (ChangeKind.REASONS_CHANGED, "all cases")
    assert (row.before, row.after) == ("not_robust", "no_background")
    assert shown(before, after)[:2] == (
        "The verdict is the same: single clone.",
        "The reasons of the verdict are others (now: no background; no longer: not robust).",
    )


def test_changes_distances_of_the_same_genomes_are_proven_or_named():
    before = run(isolate("a"), isolate("b"), isolate("c"))
    after = run(
        isolate("a"), isolate("B", genome="genome-b", sha256="file-b"), isolate("c", genome="z")
    )
    old = {("a", "b"): "3", ("a", "c"): "4", ("b", "c"): "5"}
    new = {("B", "a"): "3", ("a", "c"): "9", ("B", "c"): "9"}
    rows = [r for r in changes(History(1, before), after, old, new) if "distance" in r.kind]
    assert [(row.kind, row.subject) for row in rows] == [
        (ChangeKind.DISTANCES_UNCHANGED, "1 of 1 pairs")
    ]
    assert rows[0].before == rows[0].after
    past = History(1, before, (), ("X",))
    other = changes(past, before, old, old | {("a", "b"): "8"})
    changed, unchanged = sorted(other, key=lambda row: row.kind)
    assert (changed.subject, changed.partner, changed.before, changed.after) == ("a", "b", "3", "8")
    assert unchanged.subject == "2 of 3 pairs"
    assert unchanged.before == unchanged.after != rows[0].before


# --- the first screen --------------------------------------------------------------------------


def shown(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    past = History(7, before, (), ("X", "Y"))
    return changes_section(past, changes(past, after, None, {}), after.verdict).sentences


def test_changes_section_without_an_earlier_run_says_so():
    assert changes_section(History(), (), "single_clone") == ChangesSection(FIRST, ())


def test_changes_section_who_joined_and_that_the_verdict_is_the_same():
    assert shown(run(isolate("a")), run(isolate("a"), isolate("b"), isolate("c"))) == (
        "The verdict is the same: single clone.",
        "New: b and c.",
        "b and c joined X.",
    )


def test_changes_section_nothing_changed():
    assert shown(run(isolate("a")), run(isolate("a")))[-1] == "Nothing else changed."


@case(57, "a verdict that changed, in the report", "the first sentence of what changed")
def test_changes_section_a_changed_verdict_comes_first():
    first = shown(run(isolate("a")), run(isolate("a"), verdict="indeterminate"))[0]
    assert first.startswith("Verdict of all cases: single clone became indeterminate")
