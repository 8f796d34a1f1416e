"""Reading back what oneclone wrote: somebody may have edited it, or a disk cut it, meanwhile."""

import functools
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from pydantic import ValidationError

from oneclone.errors import OnecloneError

P = ParamSpec("P")
T = TypeVar("T")

# What readers raise on content that their writer would not have written.
MALFORMED = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    StopIteration,
    EOFError,
    RecursionError,
    zlib.error,
)


def read_back(read: Callable[Concatenate[Path, P], T]) -> Callable[Concatenate[Path, P], T]:
    """Make a reader of our own files say which file holds what oneclone does not write.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     edited = Path(folder) / "count.txt"
    ...     _ = edited.write_text("many")
    ...     read_back(lambda path: int(path.read_text()))(edited)
    Traceback (most recent call last):
    oneclone.errors.OnecloneError: count.txt: holds what oneclone does not write (invalid literal
    for int() with base 10: 'many'); delete it and run snakemake again
    """

    @functools.wraps(read)
    def reading(path: Path, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(path, *args, **kwargs)
        except MALFORMED as error:
            raise OnecloneError(
                f"{path.absolute()}: holds what oneclone does not write ({malformed(error)}); "
                "delete it and run snakemake again"
            ) from error

    return reading


def malformed(error: Exception) -> str:
    """Return in one line what a reader found; it may hold any characters.

    Examples
    --------
    >>> malformed(KeyError("isolate")), malformed(RecursionError())
    ("'isolate'", 'RecursionError')
    """
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"[:300]
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
