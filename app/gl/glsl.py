"""Reads the shader files.  The only module that does."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from app.gl import gloo

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

INCLUDE = re.compile(r'^#include "([^"]+)"[^\n]*$', re.MULTILINE)
SUFFIXES = (".vert", ".frag", ".glsl")


def _tree(folder: Traversable, prefix: str = "") -> list[str]:
    """Return the names of the files below `folder`."""
    out: list[str] = []
    for entry in folder.iterdir():
        name = prefix + entry.name
        out += _tree(entry, name + "/") if entry.is_dir() else [name]
    return out


def names() -> list[str]:
    """Return the names of all shader files, such as ``bead.vert``."""
    return sorted(n for n in _tree(files("shaders")) if n.endswith(SUFFIXES))


def _at(name: str) -> Traversable:
    path = files("shaders")
    for part in name.split("/"):
        path /= part
    return path


@cache
def source(name: str) -> str:
    """Return the text of ``shaders/<name>`` with its includes in place.

    Raises
    ------
    ValueError
        If there is no such file.
    """
    path = _at(name)
    if not path.is_file():
        known = ", ".join(names())
        raise ValueError(f"shaders: no file {name!r}; there are {known}")
    return INCLUDE.sub(_included, path.read_text(encoding="utf-8"))


def _included(found: re.Match[str]) -> str:
    return source(found[1])


def program(vertex: str, fragment: str = "") -> gloo.Program:
    """Return the program of ``<vertex>.vert`` and ``<fragment>.frag``."""
    pair = source(f"{vertex}.vert"), source(f"{fragment or vertex}.frag")
    return gloo.program(*pair)
