"""Files are written whole or not at all."""

import errno
import os

import pytest

from sim.io.atomic_write import atomic_write


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "run.csv"
    path.write_text("old")
    with pytest.raises(RuntimeError), atomic_write(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError("cancelled")
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["run.csv"]


def test_a_success_replaces_it(tmp_path):
    path = tmp_path / "run.csv"
    path.write_text("old")
    with atomic_write(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "new" and os.listdir(tmp_path) == ["run.csv"]


def test_a_full_disk_is_named(tmp_path):
    path = tmp_path / "run.csv"
    with pytest.raises(OSError, match=r"cannot write .*No space left.*free some space"):
        with atomic_write(path):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert not os.listdir(tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(OSError, match=r"No such file or directory\. Choose"):
        with atomic_write(tmp_path / "nowhere" / "run.csv"):
            pass
