"""Find the files that are shipped beside the code: schemas and the report's template.

They lie in the repository's `workflow/` folder when oneclone runs from a clone, and inside the
package when it was installed.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_REPOSITORY = _PACKAGE.parents[1]


def shipped_file(folder: str, name: str) -> Path:
    """Return the path of a shipped file.

    Parameters
    ----------
    folder
        `schemas` or `resources`.
    name
        File name in that folder.

    Examples
    --------
    >>> shipped_file("schemas", "config.schema.yaml").is_file()
    True
    """
    installed = _PACKAGE / folder / name
    return installed if installed.is_file() else _REPOSITORY / "workflow" / folder / name


def repository_folder() -> Path:
    """Return the folder of the clone in which oneclone runs, where the workflow lies.

    Examples
    --------
    >>> (repository_folder() / "Snakefile").is_file()
    True
    """
    return _REPOSITORY
