"""The pages keep their word: links lead somewhere, and what they show runs."""

import re
import subprocess
import sys
from pathlib import Path

import oracles
import pytest

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / n for n in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "assets" / "help").glob("*.md")),
]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
DATA = ROOT / "tests" / "data"
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    for goal in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / goal).exists(), goal


def test_the_table_of_oracles_is_whole():
    """Rows are written by tests that are there; no letter or file is left out."""
    rows = list(oracles.listed().values())
    tests = "".join(p.read_text(encoding="utf-8") for p in DATA.parent.glob("*.py"))
    defined = set(re.findall(r"^def (test_\w+)", tests, re.MULTILINE))
    assert {row.test for row in rows} <= defined
    assert all(row.error <= row.tolerance for row in rows)
    assert {row.section for row in rows} == set(oracles.SECTIONS)
    assert {row.oracle for row in rows if not row.section} == {
        path.stem for path in DATA.glob("*.npz")
    }


def test_the_three_lines_of_python_run():
    (lines,) = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    done = subprocess.run(
        [sys.executable, "-c", lines], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    t, f_hat, *shape = re.split(r"[ (),]+", done.stdout.strip())
    assert float(t) == 5.0 and 0 < float(f_hat) <= 1 and shape[:2] == ["64", "3"]


def test_the_contributors_observable_works(tmp_path):
    """A new file in a family's folder is all that it takes."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (example,) = BLOCK.findall(text)
    (tmp_path / "spread.py").write_text(example, encoding="utf-8")
    script = (
        "import sys, sim, sim.observables as home\n"
        "home.__path__.append(sys.argv[1])\n"
        "found = sim.Simulation(sim.Scenario(tokens=9)).measures()\n"
        "assert 0 < found['spread'] <= 2, found\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
