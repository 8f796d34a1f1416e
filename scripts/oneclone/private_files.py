"""Files with patient data are private: nobody but the user who runs oneclone can read them.

A run and every command take away, by the umask, what others could do with the files that they
make. The environment variable `ONECLONE_UMASK` opens them, `027` to the group for instance.
"""

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from oneclone.errors import InputRefused

VARIABLE = "ONECLONE_UMASK"
PRIVATE_UMASK = "077"
OCTAL = re.compile("0?[0-7]{3}", re.ASCII)
FILE_MODE = 0o644  # of a file, of which the umask takes away
OWNER_ALONE = 0o600  # of a file that is private whatever the umask
# Folders of a working directory that a run fills, the logs of Snakemake among them.
FOLDERS = ("results", "logs", "benchmarks", ".oneclone", ".snakemake")


def keep_private(folders: Iterable[Path] = ()) -> None:
    """Make what this process and its children write private, and close folders that are there.

    A folder that others cannot enter hides the files in it that an earlier version, or Snakemake
    before it reads the workflow, has made readable.

    Parameters
    ----------
    folders
        Folders to close; one that is absent, or another user's, is passed over.

    Raises
    ------
    InputRefused
        If the environment variable is no umask.
    """
    mask = private_umask()
    os.umask(mask)
    for folder in folders:
        with contextlib.suppress(FileNotFoundError, PermissionError):
            mode = folder.stat().st_mode & 0o777
            if mode & mask:
                folder.chmod(mode & ~mask)


def private_umask() -> int:
    """Return the umask of a run.

    Examples
    --------
    >>> previous = os.environ.pop(VARIABLE, None)
    >>> oct(private_umask())
    '0o77'
    """
    text = os.environ.get(VARIABLE) or PRIVATE_UMASK
    if not OCTAL.fullmatch(text):
        raise InputRefused(
            [f"{VARIABLE}: '{text}' is no umask; give three octal digits, such as 027, or unset it"]
        )
    return int(text, 8)
