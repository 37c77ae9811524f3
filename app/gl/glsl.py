"""Reads the shader files.  The only module that does."""

from __future__ import annotations

import re
from functools import cache

from app.gl import gloo
from sim.resources import shader

INCLUDE = re.compile(r'^#include "([^"]+)"[^\n]*$', re.MULTILINE)
SUFFIXES = (".vert", ".frag", ".glsl")


def names() -> list[str]:
    """Return the names of all shader files, such as ``bead.vert``."""
    home = shader()
    found = (p for p in home.rglob("*") if p.suffix in SUFFIXES)
    return sorted(p.relative_to(home).as_posix() for p in found)


@cache
def source(name: str) -> str:
    """Return the text of ``shaders/<name>`` with its includes in place.

    Raises
    ------
    ValueError
        If there is no such file.
    """
    path = shader(name)
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
