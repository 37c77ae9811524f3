"""The pages keep their word: links lead somewhere, and what they show runs."""

import re
import subprocess
import sys

import pytest
from helpers import oracles
from helpers.paths import DATA, ROOT, TESTS

PAGES = [
    *(ROOT / n for n in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "assets" / "help").glob("*.md")),
]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
CODE = re.compile(r"`[^`\n]*`")
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    for goal in LINK.findall(CODE.sub("", page.read_text(encoding="utf-8"))):
        assert (page.parent / goal).exists(), goal


def test_the_table_of_oracles_is_whole():
    """Rows are written by tests that are there; no letter or file is left out."""
    rows = list(oracles.listed().values())
    tests = "".join(p.read_text(encoding="utf-8") for p in TESTS.rglob("*.py"))
    defined = set(re.findall(r"^def (test_\w+)", tests, re.MULTILINE))
    assert {row.test for row in rows} <= set(map(oracles.words, defined))
    assert all(row.error <= row.tolerance for row in rows)
    assert {row.section for row in rows} == set(oracles.SECTIONS)
    assert {row.oracle for row in rows if not row.section} == {
        path.stem for path in DATA.glob("*.npz")
    }


@pytest.mark.slow
def test_the_three_lines_of_python_run():
    (lines,) = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    done = subprocess.run(
        [sys.executable, "-c", lines], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    t, f_hat, *shape = re.split(r"[ (),]+", done.stdout.strip())
    assert float(t) == 5.0 and 0 < float(f_hat) <= 1 and shape[:2] == ["64", "3"]


EXAMPLE = re.compile(
    r"`sim/(\w+)/([a-z]+)\.py`(?:(?!`sim/).)*?```python\n(.*?)```", re.DOTALL
)
EXAMPLES = {
    family: (name, code)
    for family, name, code in EXAMPLE.findall(
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    )
}
HELD_BY = {  # tests of each family, and what they call its members
    "dynamics": ("dynamics/test_laws.py", "dynamics/test_properties.py"),
    "masks": ("attention/test_attention.py",),
    "observables": ("observables/test_observables.py",),
    "initial": ("test_live.py",),
}
USED = {  # how a run uses the example
    "dynamics": {"dynamics": "average"},
    "masks": {"dynamics.heads.mask": "parity"},
    "observables": {},
    "initial": {"initial": "spiral", "initial.turns": 3},
}
LONGEST = 32  # lines of an example that say something


def contributed(family, tmp_path, *lines):
    """Run Python `lines` with the example of `family` in the family's folder."""
    name, code = EXAMPLES[family]
    (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    start = f"import sys, sim, sim.{family} as home; home.__path__.append(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", "\n".join((start, *lines)), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_family_that_is_shown_has_an_example():
    assert EXAMPLES.keys() == HELD_BY.keys() == USED.keys()
    for _, code in EXAMPLES.values():
        assert sum(map(bool, map(str.strip, code.splitlines()))) <= LONGEST


@pytest.mark.slow
@pytest.mark.parametrize("family", USED)
def test_contributed_parts_run_and_keep_their_word(family, tmp_path):
    """A new file in a family's folder is all that it takes; the tests find it."""
    name, _ = EXAMPLES[family]
    files = [f"tests/sim/{file}" for file in HELD_BY[family]]
    contributed(
        family,
        tmp_path,
        f"s = sim.edit(sim.Scenario(tokens=9), {USED[family]!r})",
        "run = sim.Simulation(sim.edit(s, {'duration': 1}), 'numpy')",
        "run.advance(1.0)",
        "from sim.scenario import from_json, to_json",
        "assert from_json(to_json(run.scenario)) == run.scenario",
        "found = run.measures()",
        "assert 0 <= found['order'] <= 1",
        f"assert {family != 'observables'} or 0 < found['{name}'] <= 2, found",
        "import pytest",
        f"flags = ['-k', '{name}', '-n', '0', '-p', 'no:cacheprovider']",
        f"sys.exit(pytest.main([*flags, *{files!r}]))",
    )
