"""A few of the kills of tests/kill_tests.py, and a full disk."""

import sys

import pytest

pytest.importorskip("resource")
from helpers.kills import WORKS, broken, known_files


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
def test_a_killed_save_and_a_full_disk_tear_nothing(tmp_path):
    import random

    (save,) = (work for work in WORKS if work.name == "save")
    known, rng = known_files(save, tmp_path / "known"), random.Random(4)
    for event in ("KILL", "full disk"):
        assert not broken(save, known, event, rng, tmp_path / event, most=60)
