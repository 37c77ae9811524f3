"""Whether a window can be opened here, asked before Qt is, which would abort."""

from __future__ import annotations

import ctypes
import os
import sys

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""What Qt's window system needs on any Linux, and the Debian package that has it."""

X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""The same for X11."""


def why_no_window() -> str | None:
    """Return why no window can be opened, and what to do; None if one can."""
    if sys.platform != "linux":
        return None
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    if not wanted and not _has_display():
        return (
            "no display: neither DISPLAY nor WAYLAND_DISPLAY is set. Use `orrery run` "
            "or `orrery render`, which need none, or start it from a desktop."
        )
    packages = missing_packages(x11=wanted in ("", "xcb"))
    if packages:
        return (
            "libraries of the window system are missing. On Debian or Ubuntu: "
            f"apt-get install {' '.join(packages)}"
        )
    return None


def missing_packages(*, x11: bool) -> list[str]:
    """Return the Debian packages whose libraries cannot be loaded."""
    wanted = {**LIBRARIES, **(X11 if x11 and os.environ.get("DISPLAY") else {})}
    return sorted(package for name, package in wanted.items() if not _loads(name))


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
