"""Folders that commands run the workflow in."""

from pathlib import Path

from oneclone.tables.paths import can_be_filled
from oneclone.workflow_run import working_folder


def test_kept_working_folder_is_absolute_since_snakemake_starts_in_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with working_folder(Path("kept/here")) as folder:
        assert folder == (tmp_path / "kept/here").resolve()
    assert folder.is_dir()


def test_working_folder_for_the_moment_is_removed():
    with working_folder(None) as folder:
        assert folder.is_dir()
    assert not folder.exists()


def test_only_an_absent_or_empty_folder_can_be_filled(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    found = [can_be_filled(tmp_path / name) for name in ("absent", "empty", "file", "")]
    assert found == [True, True, False, False]
