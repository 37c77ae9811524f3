"""A folder of a family lists the family: each of its files defines a member."""

import importlib
import pkgutil
from pathlib import Path

import pytest
from helpers.paths import ROOT

import app
import sim
from sim.settings.plugins import Plugin


def packages():
    """Import every package of the program; yield those that are families."""
    for root in (sim, app):
        for found in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            if found.ispkg:
                importlib.import_module(found.name)
    return sorted({f._package for f in Plugin.__subclasses__() if f._package})


FAMILIES = packages()


def test_every_family_is_found():
    assert len(FAMILIES) >= 17


@pytest.mark.parametrize("package", FAMILIES)
def test_family_folders_hold_members_only(package):
    home = importlib.import_module(package)
    (family,) = (f for f in Plugin.__subclasses__() if f._package == package)
    members = {member.__module__ for member in family.kinds().values()}
    folder = Path(home.__path__[0])
    files = {p.stem for p in folder.iterdir() if p.suffix == ".py"} - {"__init__"}
    folders = [p.name for p in folder.iterdir() if (p / "__init__.py").exists()]
    assert {f"{package}.{name}" for name in files} == members
    assert not folders, f"{folder.relative_to(ROOT)} holds members only"
