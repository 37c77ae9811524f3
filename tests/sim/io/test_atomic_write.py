"""Files are written whole or not at all."""

import errno
import os
import stat
import sys

import pytest

from sim.cli.output import file_to_write
from sim.io.atomic_write import atomic_write, unfinished_files


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


@pytest.mark.skipif(sys.platform == "win32", reason="has no such modes")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444])
def test_the_new_file_has_the_mode_of_the_old_one(tmp_path, mode):
    path = tmp_path / "run.csv"
    path.touch(mode=0o644)
    path.chmod(mode)
    with atomic_write(path) as temporary:
        assert stat.S_IMODE(temporary.stat().st_mode) == mode | stat.S_IWUSR
        temporary.write_text("new")
    assert stat.S_IMODE(path.stat().st_mode) == mode and path.read_text() == "new"


@pytest.mark.skipif(sys.platform == "win32", reason="has no such pipes")
def test_a_pipe_is_not_replaced(tmp_path):
    os.mkfifo(path := tmp_path / "run.csv")
    with pytest.raises(OSError, match="a pipe or a device"), atomic_write(path):
        pass
    assert path.is_fifo() and os.listdir(tmp_path) == ["run.csv"]
    with pytest.raises(ValueError, match="a pipe or a device"):
        file_to_write(str(path), force=True)


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path):
    path = tmp_path / f"{'n' * 251}.csv"
    with atomic_write(path) as temporary:
        temporary.write_text("new")
        assert unfinished_files(path) == [temporary]
    assert path.read_text() == "new" and not unfinished_files(path)
    with pytest.raises(OSError, match=r"too long\. Give a shorter name\."):
        with atomic_write(tmp_path / f"{'n' * 252}.csv"):
            pass


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
