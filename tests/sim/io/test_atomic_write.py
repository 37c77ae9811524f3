"""Files are written whole or not at all."""

import errno
import os

import pytest

from sim.io.atomic_write import written_aside


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "run.csv"
    path.write_text("old")
    with pytest.raises(RuntimeError), written_aside(path) as aside:
        aside.write_text("half")
        raise RuntimeError("cancelled")
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["run.csv"]


def test_a_success_replaces_it(tmp_path):
    path = tmp_path / "run.csv"
    path.write_text("old")
    with written_aside(path) as aside:
        aside.write_text("new")
    assert path.read_text() == "new" and os.listdir(tmp_path) == ["run.csv"]


def test_a_full_disk_is_named(tmp_path):
    path = tmp_path / "run.csv"
    with pytest.raises(OSError, match=r"cannot write .*No space left.*free some space"):
        with written_aside(path):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert not os.listdir(tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(OSError, match=r"No such file or directory\. Choose"):
        with written_aside(tmp_path / "nowhere" / "run.csv"):
            pass
