"""Ship the figures of a verification: what `oneclone verify` compares with on other machines.

    python -m tests.documents.expected_figures validation/validation.json

For the maintainer, when a change of results is meant (CHANGELOG.md, Results changed). It refuses a
record in which a criterion other than the comparison with the figures shipped is not met.
"""

import sys
from pathlib import Path

from oneclone.shipped import shipped_file
from oneclone.tables.json_files import read_json, write_json
from oneclone.validation.shipped_figures import PLACE

COMPARED = {"truth_set", "shipped_results", "shipped_verdicts"}


def main() -> None:
    """Take the figures of the record named on the command line."""
    record = read_json(Path(sys.argv[1]))
    wrong = {each["name"] for each in record["criteria"] if not each["passed"]}
    if wrong - COMPARED:
        sys.exit(f"not met: {', '.join(sorted(wrong - COMPARED))}; nothing was written")
    write_json(shipped_file(*PLACE), record["figures"])


if __name__ == "__main__":
    main()
