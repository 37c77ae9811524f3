"""A public class has a name of its own, and no two modules import each other."""

import ast
import graphlib
from collections import defaultdict
from functools import cache

import pytest
from helpers.paths import ROOT

SHARED = {"sim": {"Sphere"}, "app": set[str]()}  # the space, and sums on it


@cache
def modules():
    """Return the parsed files of both packages, by the names of their modules."""
    files = (p for room in ("sim", "app") for p in (ROOT / room).rglob("*.py"))
    named = {
        ".".join(p.relative_to(ROOT).with_suffix("").parts): p for p in sorted(files)
    }
    return {
        name.removesuffix(".__init__"): ast.parse(path.read_text("utf-8"))
        for name, path in named.items()
    }


@pytest.mark.parametrize("package", ["sim", "app"])
def test_no_two_public_classes_share_a_name(package):
    places = defaultdict(list)
    for name, tree in modules().items():
        if name.partition(".")[0] == package:
            for node in tree.body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    places[node.name].append(name)
    several = {name: found for name, found in places.items() if len(found) > 1}
    assert several.keys() == SHARED[package], several


def imports(tree):
    """Yield the modules that a file imports, for types alone or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules() else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_no_module_imports_itself_by_way_of_others():
    graph = {
        name: {other for other in imports(tree) if other in modules() and other != name}
        for name, tree in modules().items()
    }
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError, naming them
