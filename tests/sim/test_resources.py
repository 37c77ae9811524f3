"""Shipped files are found, and by one module only."""

import pytest
from helpers.paths import ROOT, SCENARIOS

from sim import resources


def test_files_of_the_repository_are_found():
    assert resources.asset("scenarios") == SCENARIOS
    assert resources.asset("scenarios", "words.json").is_file()
    assert resources.shader("attention.cu").is_file()
    assert resources.shader() == ROOT / "shaders"


@pytest.mark.parametrize("room", ["app", "sim"])
def test_no_other_module_looks_for_files_of_its_own(room):
    for file in (ROOT / room).rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert "importlib.resources" not in text, file
        assert "import resources" not in text, file
        assert ".parents[" not in text, file
