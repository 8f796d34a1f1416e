"""What a panel holds of published figures: `background.tsv` and `clones.tsv`."""

from pathlib import Path

import pytest

from oneclone.errors import InputRefused
from oneclone.tables.published_tables import read_background, read_known_clones

BACKGROUND = "clone\tisolates\tforeign_within_10_percent\tforeign_within_20_percent\tcitation"
CLONES = "clone\tsubspecies\talso_known_as\tsequence_type\tisolates\tin_panel\tcitation"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "table.tsv"
    path.write_text("\n".join(lines) + "\n")
    return path


def problems(read, folder: Path, *lines: str) -> str:
    with pytest.raises(InputRefused) as caught:
        read(write(folder, *lines))
    return str(caught.value)


def test_read_background_figures_are_keyed_by_snps_and_blank_is_not_zero(tmp_path: Path):
    header = f"{BACKGROUND}\tpairs_within_38_percent\tpatient_pairs_within_20_percent\tnote"
    found = read_background(
        write(tmp_path, header, "B\t50\t0\t\tx\t7.5\t\tn", "A\t9\t1\t2\ty\t\t3\t")
    )
    assert list(found) == ["A", "B"]
    assert found["B"].foreign_within == {10: 0.0}
    assert found["B"].pairs_within == {38: 7.5}
    assert (found["B"].isolates, found["B"].citation, found["B"].note) == (50, "x", "n")
    assert found["A"].foreign_within == {10: 1.0, 20: 2.0}
    assert found["A"].patient_pairs_within == {20: 3.0}


def test_read_background_header_alone_is_an_empty_table(tmp_path: Path):
    assert read_background(write(tmp_path, BACKGROUND)) == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("A\t50\t1\t2\t", "row 2: column 'citation' is empty"),
        ("A\t\t1\t2\tx", "row 2: column 'isolates' is empty"),
        ("A\t0\t1\t2\tx", "row 2: isolates '0' is no count; write a whole number from 1"),
        (
            "A\t50\t101\t\tx",
            "row 2: foreign_within_10_percent '101' is no per cent; write 0 to 100",
        ),
        ("A\t50\t24,9\t\tx", "row 2: foreign_within_10_percent '24,9' is no per cent"),
        ("A\t50\tnan\t\tx", "row 2: foreign_within_10_percent 'nan' is no per cent"),
        ("A\t50\t\t\tx", "row 2: clone 'A' has no figure; fill one in or drop the row"),
        (
            "A\t50\t9\t8\tx",
            "foreign_within figures fall as the number of SNPs rises (9 within 10, 8",
        ),
        ("A\t50\t1\t2\tx\nA\t50\t1\t2\tx", "clone 'A' appears 2 times; keep one row"),
    ],
)
def test_read_background_bad_row_is_refused(tmp_path: Path, line, expected):
    found = problems(read_background, tmp_path, BACKGROUND, line)
    assert "table.tsv" in found
    assert expected in found


def test_read_background_misspelt_figure_column_is_refused_not_ignored(tmp_path: Path):
    found = problems(
        read_background, tmp_path, f"{BACKGROUND}\tforeign_within_25", "A\t5\t1\t2\tx\t3"
    )
    assert "column 'foreign_within_25' is not read; name it foreign_within_N_percent" in found


def test_read_background_all_problems_come_together(tmp_path: Path):
    found = problems(read_background, tmp_path, BACKGROUND, "A\tmany\t1\t2\t", "B\t5\tx\t\ty")
    assert found.startswith("3 problems")


def test_read_known_clones_natural_order_several_values_and_absent_counts(tmp_path: Path):
    found = read_known_clones(
        write(tmp_path, CLONES, "eDCC10\tm\t\t\t\tno\tx", "eDCC8\tm\tA; B\t23;154\t243\tyes\ty")
    )
    assert [clone.name for clone in found] == ["eDCC8", "eDCC10"]
    assert found[0].also_known_as == ("A", "B")
    assert found[0].sequence_types == ("23", "154")
    assert (found[0].isolates, found[0].patients, found[0].in_panel) == (243, None, True)
    assert (found[1].isolates, found[1].also_known_as, found[1].in_panel) == (None, (), False)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("\tm\t\t\t\tno\tx", "row 2: column 'clone' is empty"),
        ("A\tm\t\t\t\tno\t", "row 2: column 'citation' is empty"),
        ("A\tm\t\t\t\tmaybe\tx", "row 2: in_panel 'maybe' is none of yes, no"),
        ("A\tm\t\t\t-3\tno\tx", "row 2: isolates '-3' is no count"),
        ("A\tm\t\t\t\tno\tx\nA\tm\t\t\t\tno\tx", "clone 'A' appears 2 times"),
    ],
)
def test_read_known_clones_bad_row_is_refused(tmp_path: Path, line, expected):
    assert expected in problems(read_known_clones, tmp_path, CLONES, line)


def test_read_known_clones_more_patients_or_countries_than_isolates_are_refused(tmp_path: Path):
    header = "clone\tisolates\tpatients\tcountries\tin_panel\tcitation"
    found = problems(read_known_clones, tmp_path, header, "A\t4\t5\t9\tno\tx", "B\t4\t4\t4\tno\tx",
                     "C\t\t5\t9\tno\tx", "D\tx\t5\t\tno\tx")  # fmt: skip
    assert "row 2: patients '5' exceeds isolates '4', but each has one isolate or more" in found
    assert "row 2: countries '9' exceeds isolates '4'" in found
    assert found.startswith("3 problems")
