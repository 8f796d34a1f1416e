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
from oneclone.private_files import FILE_MODE
from oneclone.run_guard import ended_with_its_run
from oneclone.system_errors import explanation, full_disks
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

    The job ends with its run, however that ends. When the block succeeds, the checksums of what it
    wrote are noted.

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
    log = _fresh_log(Path(path))
    kept = [os.dup(number) for number in (STANDARD_OUTPUT, STANDARD_ERROR)]
    try:
        for number in (STANDARD_OUTPUT, STANDARD_ERROR):
            os.dup2(log, number)
        with ended_with_its_run():
            forget_written(path)
            yield
            note_written(path, _all(outputs))
        _flush()
    except Exception as error:  # the border of the job: whatever it is belongs into the log
        _say(_in_words(error), kept[-1])
        sys.exit(1)
    finally:
        with contextlib.suppress(OSError):
            _flush()
        for number, saved in zip((STANDARD_OUTPUT, STANDARD_ERROR), kept, strict=True):
            os.dup2(saved, number)
            os.close(saved)
        os.close(log)


def _all(files: NamedFiles) -> list[Path]:
    """Return all files of a rule."""
    groups = [[path] if isinstance(path, str) else path for _, path in files.items()]
    return [Path(path) for group in groups for path in group]


def _fresh_log(path: Path) -> int:
    """Open a new log; one that a job of a killed run still writes to is another file.

    What makes that impossible is said on the screen: there is no log for it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    except OSError as error:
        _say(f"the log of the job cannot be written: {_in_words(error)}", STANDARD_ERROR)
        sys.exit(1)


def _in_words(error: Exception) -> str:
    """Return an error that can be mended as its message, a defect with its traceback."""
    if isinstance(error, OnecloneError):
        return f"{type(error).__name__}: {error}"
    if said := explanation(error) or full_disks(Path(), Path("results"), Path(".oneclone")):
        return said
    return f"A defect of oneclone; please report it:\n{traceback.format_exc()}"


def _flush() -> None:
    """Write out what was printed."""
    sys.stdout.flush()
    sys.stderr.flush()


def _say(text: str, screen: int) -> None:
    """Write a message to the log, or to the screen when the disk of the log is full."""
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:
        os.write(screen, f"{text}\n".encode())
