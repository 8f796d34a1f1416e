"""Names of clones and cluster labels: kept, inherited, founded, held."""

import random
from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oneclone.clone_words import FIRST_WORDS, SECOND_WORDS
from oneclone.clones import components
from oneclone.inheritance import Memory, Recalled, recall
from oneclone.model.history import DecisionKind, History, KnownIsolate, Snapshot
from oneclone.nomenclature import ClonesToName, Naming, name_clones, stable_labels
from tests.reliability.trials import case

Links = Sequence[tuple[str, str]]


def isolate(name: str, clone: str = "", genome: str = "", **more) -> KnownIsolate:
    genome = genome or f"genome-{name}"
    return KnownIsolate(name, "case", "used", "", f"sha-{name}", genome, clone, clone, **more)


def snapshot(isolates: Sequence[KnownIsolate]) -> Snapshot:
    return Snapshot("id", "", "panel", "1", "", "", (), tuple(isolates), (), (), {}, {})


def history(clones: Mapping[str, str], decisions=None, earlier=(), names=()) -> History:
    """Return a history in which isolates bear the names of clones."""
    known = [isolate(name, clone) for name, clone in clones.items()]
    given_names = (*names, *sorted({*clones.values()} - {""} - {*names}))
    return History(
        number=1,
        previous=snapshot(known),
        earlier=tuple(earlier),
        clone_names=given_names,
        decisions=decisions or {},
    )


def named(links: Links, past: History, names: str = "", suspects: str = "", **genomes) -> Naming:
    """Name the clones that links form; each name is one letter."""
    everyone = sorted({*names, *(name for link in links for name in link)})
    to_name = ClonesToName(
        clones=components(everyone, links),
        genomes={name: genomes.get(name, f"genome-{name}") for name in everyone},
        links=links,
        suspects=frozenset(suspects),
    )
    return name_clones(to_name, past)


def parts(naming: Naming) -> set[frozenset[str]]:
    """Return the clones as sets of isolates."""
    return {
        frozenset(name for name, clone in naming.clone.items() if clone == each)
        for each in naming.clone.values()
    }


CHAIN = [("a", "b"), ("b", "c")]


def test_word_lists_hold_distinct_plain_words():
    for words in (FIRST_WORDS, SECOND_WORDS):
        assert len(set(words)) == len(words) > 100
        assert all(word.isascii() and word.islower() and word.isalpha() for word in words)
    assert not set(FIRST_WORDS) & set(SECOND_WORDS)


def test_name_clones_without_history_is_a_name_of_the_first_genome_alone():
    alone = named([], History(), "a").clone["a"]
    assert named(CHAIN, History()).clone == dict.fromkeys("abc", alone)
    assert alone != named([], History(), "b").clone["b"]


def test_name_clones_equal_genomes_that_are_not_linked_have_two_names():
    naming = named([], History(), "ab", a="same", b="same")
    assert naming.clone["b"] == f"{naming.clone['a']}-2"


def test_name_clones_who_joins_takes_the_name():
    assert set(named(CHAIN, history({"b": "X"})).clone.values()) == {"X"}


def test_name_clones_renamed_isolate_and_replaced_assembly_keep_the_name():
    past = history({"a": "X", "b": "Y"})
    assert named([], past, "q", q="genome-a").clone == {"q": "X"}
    assert named([], past, "b", b="another").clone == {"b": "Y"}


def test_name_clones_isolate_that_was_away_comes_back_to_its_name():
    past = history({"a": "X"}, earlier=[isolate("c", "Z")], names=("Z",))
    assert named([], past, "ac").clone == {"a": "X", "c": "Z"}


def test_name_clones_two_direct_links_between_known_clones_merge_under_the_larger():
    past = history({"a": "X", "b": "Y", "c": "Y"})
    naming = named([("a", "b"), ("b", "c")], past)
    assert set(naming.clone.values()) == {"Y"} == set(naming.settled.values())


def test_name_clones_equal_sizes_merge_under_the_older_name():
    past = history({"a": "X", "b": "Y"}, names=("Y", "X"))
    assert set(named([("a", "b")], past).clone.values()) == {"Y"}


def test_name_clones_split_leaves_the_name_with_the_larger_part():
    past = history({"a": "X", "b": "X", "c": "X"})
    naming = named([("b", "c")], past, "a")
    assert naming.clone["b"] == naming.clone["c"] == "X"
    assert naming.clone["a"].startswith("clone-")


def test_name_clones_split_and_merge_at_once_keep_both_names():
    past = history(dict.fromkeys("abc", "X") | dict.fromkeys("de", "Y"))
    naming = named([("a", "d"), ("d", "e"), ("b", "c")], past)
    assert {naming.clone["a"], naming.clone["d"], naming.clone["e"]} == {"Y"}
    assert naming.clone["b"] == naming.clone["c"] == "X"


def test_name_clones_new_isolate_that_alone_connects_two_clones_is_held():
    naming = named(CHAIN, history({"a": "X", "c": "Y"}))
    assert naming.clone == dict.fromkeys("abc", "X + Y")
    assert naming.settled == {"a": "X", "b": "", "c": "Y"}


def test_name_clones_held_isolate_stays_held_in_the_next_run():
    past = history({"a": "X", "b": "", "c": "Y"})
    assert named(CHAIN, past).clone == dict.fromkeys("abc", "X + Y")


def test_name_clones_who_joins_beside_a_held_isolate_has_the_name_of_its_side():
    naming = named([*CHAIN, ("c", "d"), ("b", "e")], history({"a": "X", "c": "Y"}))
    assert naming.settled == {"a": "X", "b": "", "c": "Y", "d": "Y", "e": ""}
    assert set(naming.clone.values()) == {"X + Y"}


def test_name_clones_two_independent_isolates_that_connect_merge():
    links = [("a", "b"), ("b", "c"), ("a", "d"), ("d", "c")]
    naming = named(links, history({"a": "X", "c": "Y"}))
    assert len(set(naming.clone.values())) == 1
    assert "" not in naming.settled.values()


@case(
    28,
    "doubtful isolates that connect two named clones",
    "the names do not merge: caveat `bridge_isolate`, a person decides",
)
def test_name_clones_two_isolates_of_doubtful_quality_are_held():
    links = [("a", "b"), ("b", "c"), ("a", "d"), ("d", "c")]
    naming = named(links, history({"a": "X", "c": "Y"}), suspects="bd")
    assert naming.settled == {"a": "X", "b": "", "c": "Y", "d": ""}
    only_one = named(links, history({"a": "X", "c": "Y"}), suspects="b")
    assert "" not in only_one.settled.values()


@pytest.mark.parametrize("kind", DecisionKind)
def test_name_clones_what_a_person_decided_goes_first(kind):
    past = history({"a": "X", "c": "Y"}, {"genome-b": kind})
    merged = len(set(named(CHAIN, past).settled.values())) == 1
    assert merged is (kind is DecisionKind.ACCEPT)


def test_name_clones_decision_to_hold_stands_when_others_connect_too():
    links = [("a", "b"), ("b", "c"), ("a", "d"), ("d", "c")]
    hold = {"genome-b": DecisionKind.HOLD, "genome-d": DecisionKind.HOLD}
    assert named(links, history({"a": "X", "c": "Y"}, hold)).settled["b"] == ""
    hold["genome-d"] = DecisionKind.ACCEPT
    assert "" not in named(links, history({"a": "X", "c": "Y"}, hold)).settled.values()


def test_name_clones_isolate_on_hold_does_not_let_another_one_merge_names():
    """Without the one that is on hold the new isolate alone connects the two, so it waits too."""
    links = [("a", "b"), ("b", "c"), ("a", "d"), ("d", "c"), ("a", "e")]
    past = history({"a": "X", "b": "", "c": "Y"}, {"genome-b": DecisionKind.HOLD})
    settled = {"a": "X", "b": "", "c": "Y", "d": "", "e": "X"}
    assert named(links, past).settled == settled


def test_name_clones_genome_that_is_there_twice_is_no_independent_link():
    links = [("a", "b"), ("b", "c"), ("a", "d"), ("d", "c"), ("b", "d")]
    naming = named(links, history({"a": "X", "c": "Y"}), b="same", d="same")
    assert naming.settled == {"a": "X", "b": "", "c": "Y", "d": ""}


@case(
    33,
    "a re-sequenced isolate that connects two named clones",
    "the names do not merge until a person decides",
)
def test_name_clones_replaced_assembly_that_connects_two_clones_is_held():
    past = history({"a": "X", "b": "X", "c": "Y"})
    naming = named(CHAIN, past, b="another genome")
    assert naming.settled == {"a": "X", "b": "", "c": "Y"}


def test_recall_takes_the_last_sighting_that_tells_something():
    past = history({"a": ""}, earlier=[isolate("a", "X"), isolate("a", "Y")])
    found = recall({"a": "genome-a"}, past, lambda each: each.settled_clone)
    assert found == {"a": (Memory.EARLIER, "Y")}


def test_recall_takes_what_the_previous_run_knew_of_a_genome_under_another_name():
    """Renamed there and back, while its clone got another name."""
    past = history({"b": "Y"}, earlier=[isolate("a", "X", genome="genome-b")])
    for name in ("a", "c"):
        found = recall({name: "genome-b"}, past, lambda each: each.settled_clone)
        assert found == {name: (Memory.PREVIOUS, "Y")}


@pytest.mark.parametrize("genome", ["0", "~"])
def test_name_clones_replaced_assembly_takes_no_name_from_an_unchanged_genome(genome):
    """Whichever of the two genomes comes first."""
    apart = named([], history({"a": "X", "b": "X"}), "ab", a=genome)
    assert apart.clone["b"] == "X" != apart.clone["a"]
    linked = named([("a", "c")], history({"a": "X", "c": "Y"}, names=("X", "Y")), a=genome)
    assert set(linked.clone.values()) == {"Y"}


def test_name_clones_who_comes_back_takes_no_name_from_who_stayed():
    past = history({"b": "X"}, earlier=[isolate("a", "X")])
    naming = named([], past, "ab")
    assert naming.clone["b"] == "X" != naming.clone["a"]


def test_stable_labels_replaced_assembly_takes_no_label_from_an_unchanged_genome():
    known = {"a": Recalled(Memory.NAME, 7), "b": Recalled(Memory.PREVIOUS, 7)}
    assert stable_labels({"a": 1, "b": 2}, known, 9) == {"a": 10, "b": 7}


def test_stable_labels_number_is_never_given_twice():
    assert stable_labels({"a": 1, "b": 2}, {}, 5) == {"a": 6, "b": 7}


# --- any order of arrival ------------------------------------------------------------------------

GRAPH = st.integers(0, 10_000)


def random_world(seed: int) -> tuple[list[str], list[tuple[str, str]], random.Random]:
    """Return names, links and a generator of a small random outbreak."""
    draw = random.Random(seed)  # noqa: S311 (no secret)
    names = list("abcdefgh"[: draw.randint(2, 8)])
    links = [link for link in combinations(names, 2) if draw.random() < 0.3]
    return names, links, draw


def arrive(links: Links, batches: Sequence[Sequence[str]]) -> list[Naming]:
    """Name clones while isolates arrive in batches; return the naming of every run."""
    past, found, given_names = History(), [], []
    here: set[str] = set()
    for number, batch in enumerate(batches, start=1):
        here |= set(batch)
        inside = [link for link in links if here.issuperset(link)]
        naming = named(inside, past, "".join(here))
        found.append(naming)
        given_names += sorted({*naming.settled.values()} - {"", *given_names})
        known = [
            KnownIsolate(n, "case", "used", "", n, f"genome-{n}", naming.clone[n], clone)
            for n, clone in naming.settled.items()
        ]
        past = History(
            number=number,
            previous=snapshot(known),
            clone_names=tuple(given_names),
        )
    return found


@given(GRAPH)
def test_name_clones_any_order_of_arrival_gives_the_clones_of_one_batch(seed):
    names, links, draw = random_world(seed)
    order = draw.sample(names, len(names))
    cuts = sorted(draw.sample(range(len(names) + 1), min(2, len(names))))
    batches = [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(names)], strict=True)]
    last = arrive(links, batches)[-1]
    assert parts(last) == parts(arrive(links, [names])[0])


@given(GRAPH)
def test_name_clones_no_name_changes_hands_without_a_link(seed):
    names, links, draw = random_world(seed)
    order = draw.sample(names, len(names))
    runs = arrive(links, [order[:-1], order])
    before, after = (run.settled for run in runs)
    newcomer = order[-1]
    touched = {clone for name, clone in before.items() if (*sorted((name, newcomer)),) in links}
    for name, clone in before.items():
        if clone and clone not in touched:
            assert after[name] == clone


@given(GRAPH)
def test_name_clones_removed_and_added_back_is_as_if_never_away(seed):
    names, links, draw = random_world(seed)
    away = draw.choice(names)
    rest = [name for name in names if name != away]
    first = arrive(links, [names])[0]
    known = [isolate(name, clone) for name, clone in first.settled.items()]
    inside = [link for link in links if away not in link]
    past = History(
        number=1,
        previous=snapshot(known),
        clone_names=tuple(sorted(set(first.settled.values()))),
    )
    between = named(inside, past, "".join(rest))
    given_names = sorted({*first.settled.values(), *between.settled.values()})
    past = History(
        number=2,
        previous=snapshot([isolate(name, clone) for name, clone in between.settled.items()]),
        earlier=(isolate(away, first.settled[away]),),
        clone_names=tuple(sorted(given_names, key=lambda n: n not in first.settled.values())),
    )
    assert named(links, past, "".join(names)).clone == first.clone
