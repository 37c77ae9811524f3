"""Whether a window can be opened here, asked before Qt is, which would abort."""

from __future__ import annotations

import ctypes
import glob
import importlib.util
import os
import sys
from pathlib import Path

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""What Qt needs on any Linux, even to draw in memory, and its Debian packages."""

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
"""The same for windows of X11."""

WAYLAND = {
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
"""The same for windows of Wayland."""

DRIVERS = ("libgallium-*.so", "dri/*_dri.so", "libEGL_nvidia.so.0")
"""What draws behind OpenGL: one of them, in a folder of libraries."""
LIBRARY_FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/lib/*-linux-gnu*")
DRIVER_PACKAGE = "libgl1-mesa-dri"
ELSEWHERE = (
    "Use `orrery run` or `orrery render`, which need none, or start it from a desktop."
)


def why_no_window() -> str | None:
    """Return why no window can be opened, and what to do; None if one can."""
    if sys.platform != "linux":
        return None
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    if wanted == "xcb" and not os.environ.get("DISPLAY"):
        return f"no display: DISPLAY is not set. {ELSEWHERE}"
    if not wanted and not _has_display():
        return f"no display: neither DISPLAY nor WAYLAND_DISPLAY is set. {ELSEWHERE}"
    if packages := missing_packages(_libraries_of_windows(wanted)):
        return f"libraries of the window system are missing. {advice(packages)}"
    if unknown := _unknown_platforms(wanted):
        return (
            f"QT_QPA_PLATFORM={wanted} names a platform that Qt does not have here. It "
            f"has {', '.join(unknown)}. Unset the variable, or name one of them."
        )
    if _takes_x11(wanted) and not _x11_answers():
        return f"the display {os.environ['DISPLAY']} does not answer. {ELSEWHERE}"
    return None


def why_no_drawing() -> str | None:
    """Return why nothing can be drawn in memory, and what to do; None if it can."""
    if sys.platform != "linux" or not (packages := missing_packages(LIBRARIES)):
        return None
    return f"libraries to draw with are missing. {advice(packages)}"


def missing_packages(libraries: dict[str, str]) -> list[str]:
    """Return the Debian packages whose libraries cannot be loaded."""
    missing = {package for name, package in libraries.items() if not _loads(name)}
    return sorted(missing | (set() if _has_driver() else {DRIVER_PACKAGE}))


def advice(packages: list[str]) -> str:
    """Return the line that installs packages, to be copied as it stands."""
    root = "" if os.geteuid() == 0 else "sudo "
    install = f"{root}apt-get install -y {' '.join(packages)}"
    return f"On Debian or Ubuntu: {root}apt-get update && {install}"


def _libraries_of_windows(wanted: str) -> dict[str, str]:
    """Return the libraries of the window system that Qt will take."""
    wayland = bool(os.environ.get("WAYLAND_DISPLAY")) and wanted in ("", "wayland")
    x11 = bool(os.environ.get("DISPLAY")) and wanted in ("", "xcb")
    return {**LIBRARIES, **(WAYLAND if wayland else {}), **(X11 if x11 else {})}


def _unknown_platforms(wanted: str) -> list[str]:
    """Return the platforms that Qt has, if it has none of those `wanted`."""
    spec = importlib.util.find_spec("PySide6")
    folders = [] if spec is None else spec.submodule_search_locations or []
    places = (f"{folder}/Qt/plugins/platforms/libq*.so" for folder in folders)
    plugins = (Path(file).stem for place in places for file in glob.glob(place))
    known = sorted(name.removeprefix("libq") for name in plugins)
    names = {name.partition(":")[0].partition("-")[0] for name in wanted.split(";")}
    return [] if not wanted or names.intersection(known) else known


def _has_driver() -> bool:
    places = (f"{folder}/{name}" for folder in LIBRARY_FOLDERS for name in DRIVERS)
    return any(glob.glob(place) for place in places)


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _takes_x11(wanted: str) -> bool:
    return wanted == "xcb" or not (wanted or os.environ.get("WAYLAND_DISPLAY"))


def _x11_answers() -> bool:
    """Whether the X server that DISPLAY names can be reached; Qt aborts if not.

    The connection stays: a server that loses its last one starts anew, and may refuse
    that of Qt meanwhile.
    """
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # unknown
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    return not xcb.xcb_connection_has_error(connection)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
