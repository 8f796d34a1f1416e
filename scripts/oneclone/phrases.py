"""Numbers, names and lists as parts of a sentence."""

from collections.abc import Iterable, Sequence

from oneclone.explanations import RUN_TEXT
from oneclone.model.judgement import BackgroundFigures
from oneclone.model.published import PublishedBackground
from oneclone.model.robustness import RobustnessRun, RunKind

MAX_NAMES = 6


def and_names(names: Sequence[str], conjunction: str = "and") -> str:
    """Return names as running text; beyond six the rest is counted.

    Examples
    --------
    >>> and_names(["A", "B", "C"])
    'A, B and C'
    >>> and_names(list("ABCDEFGH"))
    'A, B, C, D, E, F and 2 more'
    """
    shown = list(names[:MAX_NAMES])
    if len(names) > MAX_NAMES:
        shown.append(f"{len(names) - MAX_NAMES} more")
    return joined(shown, conjunction)


def printable(text: str) -> str:
    r"""Return text from elsewhere on one line, without what a terminal would obey.

    Examples
    --------
    >>> printable("a\x1b[2Jb\nc")
    'a [2Jb c'
    """
    return "".join(letter if letter.isprintable() else " " for letter in text)


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "SNP"), counted(0, "SNP"), counted(2, "analysis", "analyses")
    ('1 SNP', '0 SNPs', '2 analyses')
    """
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def joined(words: Sequence[str], conjunction: str = "and") -> str:
    """Join words with commas and a final conjunction.

    Examples
    --------
    >>> joined(["a", "b", "c"], "or"), joined(["a"])
    ('a, b or c', 'a')
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def megabases(bases: int) -> str:
    """Return a number of bases in million.

    Examples
    --------
    >>> megabases(4_729_382), megabases(0)
    ('4.73 Mb', '0.00 Mb')
    """
    return f"{bases / 1e6:.2f} Mb"


def countries(number: int) -> str:
    """Return a number of countries.

    Examples
    --------
    >>> countries(0), countries(1), countries(4)
    ('country unknown', '1 country', '4 countries')
    """
    return "country unknown" if not number else f"{number} countr{'y' if number == 1 else 'ies'}"


def background_size(figures: BackgroundFigures) -> str:
    """Return how much background was compared.

    Examples
    --------
    >>> background_size(BackgroundFigures(20, 19, 1))
    '20 background isolates of the subspecies (19 patients, 1 country)'
    """
    return (
        f"{counted(figures.isolates, 'background isolate')} of the subspecies "
        f"({counted(figures.patients, 'patient')}, {countries(figures.countries)})"
    )


def published_closeness(figures: PublishedBackground, snps: int) -> str:
    """Return how many isolates of a clone have a foreign neighbour as close as the cases.

    The least published bound that is not below `snps` is taken; beyond the greatest, this is said.

    Examples
    --------
    >>> known = PublishedBackground("DCC7", 145, {10: 24.0, 20: 40.0}, {}, "a study", "")
    >>> published_closeness(known, 3)
    'of 145 published DCC7 isolates 24 % have one from another country within 10 SNPs (core genes)'
    """
    bounds = sorted(figures.foreign_within)
    if not bounds:
        return f"{figures.isolates} published {figures.clone} isolates"
    bound = next((each for each in bounds if each >= snps), bounds[-1])
    share = f"{figures.foreign_within[bound]:g} % have one from another country within {bound} SNPs"
    beyond = "; the cases are farther apart" if snps > bound else ""
    of_whom = f"of {figures.isolates} published {figures.clone} isolates"
    return f"{of_whom} {share} (core genes{beyond})"


def runs_in_words(runs: Iterable[RobustnessRun]) -> str:
    """Return what some robustness runs changed, joined.

    Equal kinds are said once: two case isolates left out are "without case isolate A or B".
    """
    subjects: dict[RunKind, list[str]] = {}
    for run in runs:
        named = run.kind in {RunKind.CORE_LEVEL, RunKind.WITHOUT_CASE, RunKind.WITHOUT_BACKGROUND}
        subjects.setdefault(run.kind, []).extend([run.subject] if named else [])
    return "; ".join(
        f"{RUN_TEXT[kind]} {and_names(names, 'or')}".strip() for kind, names in subjects.items()
    )
