"""Read Markdown documents: links, headings, quotations and the commands that they name."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?<![\w/.-])oneclone((?: [a-z][a-z-]*)+)")


def documents() -> list[Path]:
    """Return every Markdown document of the repository, folders of results and tools left out."""
    places = ("*.md", "docs/*.md", "config/*.md", "config/panels/*/*.md")
    return [path for place in places for path in sorted(ROOT.glob(place))]


def links(text: str) -> list[str]:
    """Return the targets of links and pictures, those in code left out.

    Examples
    --------
    >>> links("[a](b.md#c), ![d](e.png), `[f](g)` and [h](https://i.org)")
    ['b.md#c', 'e.png', 'https://i.org']
    """
    return LINK.findall(CODE.sub("", FENCE.sub("", text)))


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings, as code hosts make them.

    Examples
    --------
    >>> sorted(anchors("# Which SNPs\\n## `calling`, 2 kb\\n## Which SNPs"))
    ['calling-2-kb', 'which-snps', 'which-snps-1']
    """
    found: Counter[str] = Counter()
    names = set()
    for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")
        names.add(f"{name}-{found[name]}" if found[name] else name)
        found[name] += 1
    return names


def quotations(text: str) -> list[str]:
    """Return each quotation as one line.

    Examples
    --------
    >>> quotations("It says:\\n\\n> One\\n> clone.\\n\\nand\\n\\n> Two.")
    ['One clone.', 'Two.']
    """
    blocks = re.findall(r"(?:^> .*\n?)+", text, re.MULTILINE)
    return [" ".join(re.sub(r"^> ", "", each, flags=re.MULTILINE).split()) for each in blocks]


def commands(text: str) -> set[str]:
    """Return the commands of oneclone in blocks and pieces of code, without their arguments.

    Examples
    --------
    >>> sorted(commands("`oneclone panel check my` or oneclone says"))
    ['panel check my']
    """
    code = "\n".join([*FENCE.findall(text), *CODE.findall(FENCE.sub("", text))])
    return {found.strip() for found in COMMAND.findall(code)}
