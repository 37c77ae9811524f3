"""The dependency rule, and the other rules that tools can hold us to."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.paths import ROOT

PLOTTING = ("app/plots", "app/inspectors", "app/theme/theme.py")
SCREEN = {"PySide6", "pyqtgraph", "vispy", "app", "av", "PIL"}
FILES = sorted(p for room in ("app", "sim") for p in (ROOT / room).rglob("*.py"))


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (a.name.partition(".")[0] for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Call) and node.args:
            by, what = node.func, node.args[0]
            named = getattr(by, "id", getattr(by, "attr", None)) == "import_module"
            if named and isinstance(what, ast.Constant):
                yield what.value.partition(".")[0]


def inside(path, *rooms):
    return any(path.is_relative_to(ROOT / room) for room in rooms)


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_library_stays_in_its_room(path):
    found = set(imports(path))
    if inside(path, "sim"):
        assert not SCREEN & found
    cards = (
        "sim/arrays.py",
        "sim/cuda_graph.py",
        "sim/sums/methods/cuda.py",
        "sim/sums/gpu_self_test.py",
    )
    if not inside(path, *cards):
        assert "cupy" not in found
    if not inside(path, "sim/jit/llvm.py"):
        assert "llvmlite" not in found
    if not inside(path, "app/gl"):
        assert "vispy" not in found
    if not inside(path, *PLOTTING):
        assert "pyqtgraph" not in found


def tool(*command):
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_has_nothing_to_say():
    tool(sys.executable, "-m", "ruff", "check", ".")
    tool(sys.executable, "-m", "ruff", "format", "--check", ".")


@pytest.mark.slow
def test_types_hold_strictly():
    # The stubs of NumPy are those of the Python that runs.
    version = ".".join(map(str, sys.version_info[:2]))
    of_this = ["--pythonpath", sys.executable, "--pythonversion", version]
    tool(sys.executable, "-m", "basedpyright", *of_this)


def test_rooms_know_only_the_rooms_below():
    tool(str(Path(sys.executable).with_name("lint-imports")))


@pytest.mark.slow
def test_the_simulator_runs_where_qt_is_not_installed(tmp_path):
    script = (
        "import sys\n"
        "for name in ('PySide6', 'vispy', 'pyqtgraph', 'av', 'PIL'):\n"
        "    sys.modules[name] = None\n"
        "from sim.__main__ import main\n"
        "sys.exit(main(['run', '--set', 'duration=1', '-o', sys.argv[1]]))\n"
    )
    tool(sys.executable, "-c", script, str(tmp_path / "out"))
    assert (tmp_path / "out" / "observables.csv").is_file()


def test_help_needs_no_numpy_and_no_qt():
    script = (
        "import sys\n"
        "from app.__main__ import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "assert not {'numpy', 'PySide6'} & set(sys.modules)\n"
    )
    tool(sys.executable, "-c", script)


ROOMS = sorted(
    p.parent for room in ("app", "sim") for p in (ROOT / room).rglob("*/__init__.py")
)


@pytest.mark.parametrize("room", ROOMS, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_says_what_it_is_for_and_what_it_may_import(room):
    said = ast.get_docstring(ast.parse((room / "__init__.py").read_text("utf-8")))
    assert said is not None
    assert "May import" in said or "Imports no" in said
