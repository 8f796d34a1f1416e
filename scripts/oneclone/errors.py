"""The errors that a user can mend; every other exception is a defect of oneclone."""

from collections.abc import Callable, Iterable, Sequence
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class OnecloneError(Exception):
    """Something that the user can mend; the message names file, row, value and remedy."""


class InputRefused(OnecloneError):
    """The configuration, a table or a file was refused; every problem found is listed.

    Parameters
    ----------
    problems
        One sentence per problem, each naming file, row, value and remedy.

    Examples
    --------
    >>> print(InputRefused(["isolates.tsv row 3: role 'csae' is unknown"]))
    1 problem in the input, nothing was computed and nothing overwritten:
      1. isolates.tsv row 3: role 'csae' is unknown
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
        listed = "\n".join(f"  {number}. {text}" for number, text in enumerate(problems, start=1))
        super().__init__(
            f"{count} in the input, nothing was computed and nothing overwritten:\n{listed}"
        )


class Problems:
    """Collect the problems of several checks, so that the user sees all of them at once.

    Examples
    --------
    >>> problems = Problems()
    >>> problems.attempt(int, "7")
    7
    >>> problems.add(["panel.yaml: key 'name' is missing"])
    >>> problems.refuse()
    Traceback (most recent call last):
    oneclone.errors.InputRefused: 1 problem in the input, nothing was computed ...
    """

    def __init__(self) -> None:
        self._found: list[str] = []

    def add(self, sentences: Iterable[str]) -> None:
        """Add problems, one sentence each."""
        self._found.extend(sentences)

    def attempt(self, check: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Return what a check returns, or keep its problems and return `None`."""
        try:
            return check(*args, **kwargs)
        except InputRefused as refused:
            self.add(refused.problems)
            return None

    def refuse(self) -> None:
        """Raise `InputRefused` when there is any problem."""
        if self._found:
            raise self.refusal()

    def refusal(self) -> InputRefused:
        """Return the error that lists the problems found so far."""
        return InputRefused(self._found)


class AssemblyRejected(OnecloneError):
    """A file is not a usable assembly; the isolate is quarantined, the run goes on.

    Parameters
    ----------
    code
        Stable reason code, as written to the ledger.
    detail
        One sentence for a person: what was found and what to do.

    Examples
    --------
    >>> AssemblyRejected("empty_file", "the file has 0 bytes").code
    'empty_file'
    """

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")


class ToolFailed(OnecloneError):
    """A program or library that oneclone calls did not deliver."""


class FetchFailed(OnecloneError):
    """Assemblies could not be fetched; those that could are in place.

    Parameters
    ----------
    problems
        One sentence per assembly, each naming accession, reason and remedy.
    wanted
        Number of assemblies that the tables name by accession.
    untried
        Number of further assemblies that were not tried after the last problem.

    Examples
    --------
    >>> print(FetchFailed(["GCF_000000001.1: the archive does not know it"], 3))
    1 of 3 assemblies is not in place; the others are, and the same command goes on from here:
      1. GCF_000000001.1: the archive does not know it
    >>> print(FetchFailed(["GCF_000000001.1: no connection"], 3, untried=2))
    3 of 3 assemblies are not in place; the same command goes on from here:
      1. GCF_000000001.1: no connection
      2 more were not tried after that
    """

    def __init__(self, problems: Sequence[str], wanted: int, untried: int = 0) -> None:
        self.problems = tuple(problems)
        lines = [f"  {number}. {text}" for number, text in enumerate(problems, start=1)]
        if untried:
            verb = "was" if untried == 1 else "were"
            lines.append(f"  {untried} more {verb} not tried after that")
        count = len(problems) + untried
        others = "the others are, and " if count < wanted else ""
        super().__init__(
            f"{count} of {wanted} assemblies {'is' if count == 1 else 'are'} not in place; "
            f"{others}the same command goes on from here:\n" + "\n".join(lines)
        )
