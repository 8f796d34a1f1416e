"""What documents say of files, headings, commands and options is true."""

from pathlib import Path

import pytest
import typer

from oneclone.cli import app
from tests.documents import options
from tests.documents.reading import anchors, commands, documents, links

NAMES = [str(path.relative_to(options.ROOT)) for path in documents()]
KEPT_SMALL = 1_200_000  # all pictures together: they are part of every clone of the repository


def test_options_are_those_of_the_schema_and_the_commands():
    assert options.DOCUMENT.read_text("utf-8") == options.render(), (
        "run python -m tests.documents.options"
    )


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_files_and_headings_that_exist(name: str):
    document = options.ROOT / name
    text = document.read_text("utf-8")
    for target in links(text):
        if target.startswith(("http://", "https://")):
            continue
        file, _, heading = target.partition("#")
        path = document.parent / file if file else document
        assert path.exists(), f"{name}: {target}"
        if heading:
            assert heading in anchors(path.read_text("utf-8")), f"{name}: {target}"


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
