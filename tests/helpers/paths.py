"""Where the files are that tests read."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
DATA = TESTS / "data"
BENCHMARKS = TESTS / "benchmarks"
SCENARIOS = ROOT / "assets" / "scenarios"

# Other systems have no /proc, and a bare chroot does not mount it.
PROC = Path(f"/proc/{os.getpid()}")
FROM_PROC = [PROC / "statm", PROC / "task" / PROC.name / "children"]  # read by tests
needs_proc = pytest.mark.skipif(
    not all(p.exists() for p in FROM_PROC), reason="reads /proc, which is not here"
)
