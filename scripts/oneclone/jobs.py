"""What every job needs: its files by name, and a log that takes in all it says."""

import contextlib
import json
import os
import sys
import traceback
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from oneclone.errors import OnecloneError
from oneclone.written_files import forget_written, note_written

STANDARD_OUTPUT, STANDARD_ERROR = 1, 2


class NamedFiles(Protocol):
    """Inputs or outputs of a rule as Snakemake hands them over."""

    def items(self) -> Iterable[tuple[str, str | Sequence[str]]]:
        """Return names with a path or several."""
        ...


def paths(files: NamedFiles) -> dict[str, Any]:
    """Return the files of a rule as keyword arguments of its step.

    Parameters
    ----------
    files
        Inputs or outputs; all of them are named, and named as the step names them.

    Examples
    --------
    >>> sorted(paths({"table": "a.tsv", "calls": ["b", "c"]}).items())
    [('calls', [PosixPath('b'), PosixPath('c')]), ('table', PosixPath('a.tsv'))]
    """
    return {
        name: Path(value) if isinstance(value, str) else [Path(each) for each in value]
        for name, value in files.items()
    }


def as_parameter(settings: object) -> str:
    r"""Return settings that hold free text as the parameter of a rule: JSON without any `<`.

    Snakemake's report puts the parameters of a rule as they are into a script of its page.

    Examples
    --------
    >>> as_parameter({"investigation": "</script>"})
    '{"investigation": "\\u003c/script>"}'
    """
    return json.dumps(settings, sort_keys=True).replace("<", "\\u003c")


@contextlib.contextmanager
def step_log(path: str, outputs: NamedFiles) -> Generator[None]:
    """Redirect output and errors of the block, those of C libraries too, into a log file.

    When the block succeeds, the checksums of what it wrote are noted.

    Parameters
    ----------
    path
        The log; its folder is made when absent.
    outputs
        Outputs of the rule.

    Raises
    ------
    SystemExit
        With status 1 when the block fails. An error that the user can mend is logged as its
        message, any other one, a defect, with its traceback.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    forget_written(path)
    kept = [os.dup(number) for number in (STANDARD_OUTPUT, STANDARD_ERROR)]
    with Path(path).open("w", encoding="utf-8") as log:
        for number in (STANDARD_OUTPUT, STANDARD_ERROR):
            os.dup2(log.fileno(), number)
        try:
            yield
            note_written(path, _all(outputs))
        except OnecloneError as error:
            _say(f"{type(error).__name__}: {error}")
            sys.exit(1)
        except Exception:  # the border of the job: whatever it is belongs into the log
            _say(f"A defect of oneclone; please report it:\n{traceback.format_exc()}")
            sys.exit(1)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for number, saved in zip((STANDARD_OUTPUT, STANDARD_ERROR), kept, strict=True):
                os.dup2(saved, number)
                os.close(saved)


def _all(files: NamedFiles) -> list[Path]:
    """Return all files of a rule."""
    groups = [[path] if isinstance(path, str) else path for _, path in files.items()]
    return [Path(path) for group in groups for path in group]


def _say(text: str) -> None:
    """Write a message to the redirected standard error."""
    sys.stderr.write(text + "\n")
