"""A seeded sample of ``tests/fuzz.py``: mutated files are read, or refused clearly."""

import pytest
from fuzz import faults


@pytest.mark.parametrize(("family", "cases"), [("tables", 30), ("scenarios", 20)])
@pytest.mark.slow
def test_mutated_files_are_read_or_refused(family, cases):
    found = {
        number: fault for number, fault in faults(family, 3, range(cases)) if fault
    }
    assert not found
