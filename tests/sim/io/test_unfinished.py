"""What is half written is removed at the end, or at the next start."""

import json
import signal
import subprocess
import sys
import textwrap

import pytest
from helpers.paths import ROOT

from sim.io.unfinished import SUFFIX, Unfinished, sweep

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="no kill -9 there")


def killed_while_writing(home, code):
    """Run code that kills itself, with notes in `home`."""
    start = f"""
        import os, signal
        from pathlib import Path
        from sim.io.atomic_write import atomic_write
        from sim.io.unfinished import UNFINISHED
        UNFINISHED.begin(Path({str(home)!r}))
    """
    text = textwrap.dedent(start) + textwrap.dedent(code)
    done = subprocess.run([sys.executable, "-c", text], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL


@needs_posix
def test_what_a_killed_process_left_goes_at_the_next_start(tmp_path):
    folder, home = tmp_path / "out", tmp_path / "notes"
    folder.mkdir()
    (folder / "old.csv").write_text("old")
    code = f"""
        with atomic_write({str(folder / "old.csv")!r}) as temporary:
            temporary.write_text("half")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    killed_while_writing(home, code)
    assert len(list(folder.iterdir())) == 2 and len(list(home.iterdir())) == 1
    after = Unfinished()
    after.begin(home)
    after.end()
    assert [p.name for p in folder.iterdir()] == ["old.csv"]
    assert (folder / "old.csv").read_text() == "old"


def test_notes_of_a_process_that_lives_are_left(tmp_path):
    living, other = Unfinished(), Unfinished()
    living.begin(tmp_path)
    half = tmp_path / ".x.0123abcd.csv"
    living.add(half)
    half.write_text("half")
    other.begin(tmp_path)
    assert half.exists()
    other.end()
    living.end()
    assert not half.exists() and not list(tmp_path.iterdir())


def test_nothing_but_what_was_being_written_is_removed(tmp_path):
    notes, kept = tmp_path / "notes", tmp_path / "kept"
    notes.mkdir()
    kept.mkdir()
    (kept / "mine.csv").write_text("mine")
    lines = [str(kept), str(kept / "mine.csv"), "/", str(tmp_path / "nothing")]
    text = "\n".join([*map(json.dumps, lines), '"/half a li'])
    (notes / f"1-0{SUFFIX}").write_text(text)
    sweep(notes)
    assert (kept / "mine.csv").read_text() == "mine"
    assert not list(notes.iterdir())


def test_where_nothing_can_be_noted_work_goes_on(tmp_path):
    (tmp_path / "file").write_text("in the way")
    unfinished = Unfinished()
    unfinished.begin(tmp_path / "file" / "notes")
    unfinished.add(tmp_path / ".x.0123abcd.csv")
    unfinished.end()
