"""ARCHITECTURE.md speaks of files that there are, and of layers as they are checked."""

import re
import tomllib

import pytest
from helpers.paths import ROOT

PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`((?:app|sim|tests|assets|shaders)/[\w./-]+)`", PAGE)))
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PATHS)
def test_every_path_is_there(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("package", ["sim", "app"])
def test_layers_are_those_that_are_checked(package):
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    (layers,) = (
        contract["layers"]
        for contract in tool["importlinter"]["contracts"]
        if contract.get("containers") == [package]
    )
    (block,) = re.findall(r"## Layers.*?```\n(.*?)```", PAGE, re.DOTALL)
    part = block[block.index(package) + len(package) :].partition("\n\n")[0]
    lines: list[set[str]] = []
    for line in part.splitlines():
        names = set(line.split())
        if line.startswith(" " * 9) and lines:
            lines[-1] |= names  # a line that goes on
        elif names:
            lines.append(names)
    assert lines == [set(re.findall(r"\w+", layer)) for layer in layers]


def test_rows_that_are_shown_in_full_have_an_example():
    """CONTRIBUTING's examples are run by test_readme: one for each such row."""
    rows = [
        family for family, _ in re.findall(r"`sim/(\w+)` \| one file; (.*)full", PAGE)
    ]
    examples = re.findall(r"`sim/(\w+)/[a-z]+\.py`", CONTRIBUTING)
    assert rows
    assert set(rows) == set(examples)
