"""Where the files are that come with the program: assets, presets, shaders.

An installed copy has them inside this package.  The repository, and so an editable
install, has them beside it.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent
PACKAGES = PACKAGE.parent  # the folder to import `app` and `sim` from
HOME = PACKAGE if (PACKAGE / "assets").is_dir() else PACKAGES


def asset(*parts: str) -> Path:
    """Return the path of ``assets/<parts>``, whether or not there is such a file."""
    return HOME.joinpath("assets", *parts)


def shader(*parts: str) -> Path:
    """Return the path of ``shaders/<parts>``, whether or not there is such a file."""
    return HOME.joinpath("shaders", *parts)


def presets() -> dict[str, Path]:
    """Return the files of the shipped presets, by name."""
    return {p.stem: p for p in sorted(asset("scenarios").glob("*.json"))}


def preset(name: str) -> Path | None:
    """Return the preset called `name`, or `name`.json; None if there is none."""
    return presets().get(name.removesuffix(".json"))
