"""What documents say of files, headings, commands and options is true."""

import re
from pathlib import Path

import pytest
import typer

from oneclone.cli import app
from tests.documents import options, reliability
from tests.documents.reading import anchors, commands, documents, links

NAMES = [str(path.relative_to(options.ROOT)) for path in documents()]
KEPT_SMALL = 1_200_000  # all pictures together: they are part of every clone of the repository


def test_options_are_those_of_the_schema_and_the_commands():
    assert options.DOCUMENT.read_text("utf-8") == options.render(), (
        "run python -m tests.documents.options"
    )


def test_reliability_is_what_the_tests_try():
    rendered = reliability.render()
    assert reliability.DOCUMENT.read_text("utf-8") == rendered, (
        "run python -m tests.documents.reliability"
    )


def test_every_one_of_the_sixty_cases_is_tried():
    tried = {each["number"] for each in reliability.collected()}
    assert sorted(set(range(1, reliability.CASES + 1)) - tried) == []


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_files_and_headings_that_exist(name: str):
    document = options.ROOT / name
    targets = links(document.read_text("utf-8"))
    inner = [each for each in targets if not each.startswith(("http://", "https://"))]
    assert [each for each in inner if not leads_somewhere(document, each)] == []


def leads_somewhere(document: Path, target: str) -> bool:
    file, _, heading = target.partition("#")
    path = document.parent / file if file else document
    return path.exists() and (not heading or heading in anchors(path.read_text("utf-8")))


@pytest.mark.parametrize("name", NAMES)
def test_commands_exist(name: str):
    group = typer.main.get_command(app)
    for words in commands((options.ROOT / name).read_text("utf-8")):
        first, *rest = words.split(" ")
        command = group.commands.get(first)
        assert command, f"{name}: oneclone {words}"
        if rest and hasattr(command, "commands"):
            assert rest[0] in command.commands, f"{name}: oneclone {words}"


def test_pictures_of_documents_are_small():
    pictures: list[Path] = sorted((options.ROOT / "docs" / "pictures").glob("*"))
    assert sum(path.stat().st_size for path in pictures) < KEPT_SMALL


def test_measured_figures_of_the_comparison_are_those_of_the_measurements():
    docs = options.ROOT / "docs"
    measured = (docs / "performance.md").read_text("utf-8") + (docs / "validation.md").read_text()
    text = (docs / "comparison.md").read_text("utf-8")
    (chapter,) = [each for each in text.split("\n## ") if each.startswith("Measured\n")]
    figures = [line for line in chapter.splitlines() if line.startswith("| ")]
    assert len(figures) == 8
    assert [line for line in figures if f"{line}\n" not in measured] == []


def test_tests_that_answers_name_exist():
    tests = options.ROOT / "tests"
    code = "".join(path.read_text("utf-8") for path in tests.rglob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", (options.ROOT / "docs" / "faq.md").read_text("utf-8"))
    assert len(named) > 20
    assert [name for name in named if f"def {name}(" not in code] == []
