"""The tree of all for programs that know no quotes, and as Nexus with names as typed."""

import re

from oneclone.exports.exported_run import ExportedRun
from oneclone.exports.names import NEXUS, PLAIN_TEXT, labels
from oneclone.exports.text import tree_text

WORD = re.compile(r"[A-Za-z0-9.-]+")


def plain_newick(run: ExportedRun) -> str:
    """Return the tree without a quoted name: names that need quotes are row ids."""
    return tree_text(run, labels(PLAIN_TEXT, run.all_rows))


def nexus(run: ExportedRun) -> str:
    """Return the taxa and the rooted tree as Nexus, support as labels of inner nodes."""
    named = labels(NEXUS, run.all_rows)
    tokens = {name: token(label) for name, label in named.items()}
    tips = [isolate.name for isolate in run.tips]
    lines = (
        "#NEXUS",
        "BEGIN TAXA;",
        f"  DIMENSIONS NTAX={len(tips)};",
        "  TAXLABELS",
        *(f"    {tokens[name]}" for name in tips),
        "  ;",
        "END;",
        "BEGIN TREES;",
        f"  TREE core = [&R] {tree_text(run, tokens).rstrip()}",
        "END;",
    )
    return "\n".join(lines) + "\n"


def token(label: str) -> str:
    """Return a label as a token of Nexus, quoted where the format asks for it.

    Examples
    --------
    >>> token("PtA-CSF"), token("CTX_1"), token("it's [1]")
    ('PtA-CSF', "'CTX_1'", "'it''s [1]'")
    """
    return label if WORD.fullmatch(label) else "'" + label.replace("'", "''") + "'"
