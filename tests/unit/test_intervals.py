"""Half-open intervals against a plain array of flags."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from oneclone import intervals

FLAGS = st.lists(st.booleans(), min_size=1, max_size=80).map(lambda x: np.array(x, dtype=bool))


@given(FLAGS)
def test_from_flags_and_back_is_the_same(flags):
    assert intervals.to_flags(intervals.from_flags(flags), len(flags)).tolist() == flags.tolist()


@given(st.lists(FLAGS, max_size=4))
def test_merged_is_the_union(groups):
    length = max(map(len, groups), default=0)
    union = np.zeros(length, dtype=bool)
    for flags in groups:
        union[: len(flags)] |= flags
    found = intervals.merged([intervals.from_flags(flags) for flags in groups])
    assert intervals.to_flags(found, length).tolist() == union.tolist()
    assert found.total_bp == int(union.sum())


@given(FLAGS)
def test_contains_agrees_with_the_flags(flags):
    every = np.arange(len(flags))
    assert intervals.contains(intervals.from_flags(flags), every).tolist() == flags.tolist()


@given(FLAGS, FLAGS)
def test_without_is_what_the_flags_leave(flags, taken):
    length = max(len(flags), len(taken))
    kept, gone = (
        np.pad(np.array(each, dtype=bool), (0, length - len(each))) for each in (flags, taken)
    )
    found = intervals.without(intervals.from_flags(kept), intervals.from_flags(gone))
    expected = intervals.from_flags(kept & ~gone)
    assert found.starts.tolist() == expected.starts.tolist()
    assert found.ends.tolist() == expected.ends.tolist()
