"""What is installed: the wheel, unpacked, works by itself and holds what it should."""

import os
import subprocess
import sys
import zipfile

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder
from helpers.paths import ROOT

pytestmark = pytest.mark.slow

LEFT_OUT = "pictures"  # of the README only
MAX_MB = 10  # of `app` and `sim` as they are installed, without what Python compiles
MODEL_MB = 16  # of the encoder besides
BLOCK = 4096  # bytes: files take up whole ones
ASK = """
import app, sim
from sim.resources import presets
from app.gl.glsl import names
from app.pages.help import pages
from app.theme.icons import FOLDER as icons
from sim.tables.source import located
from sim.resources import HOME
print(app.__file__, sim.__file__, HOME, sep="\\n")
print(len(presets()), len(names()), len(pages()), len(list(icons.glob("*.svg"))))
assert located("asset:words.npz").is_file()
"""


def build(builder, folder, version):
    [made] = builder(str(ROOT)).build(directory=str(folder), versions=[version])
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build(WheelBuilder, tmp_path_factory.mktemp("wheel"), "standard")


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def ask(*path, cwd):
    """Run ASK where modules are looked for in `path` and return its lines."""
    places = os.pathsep.join(map(str, path))
    run = subprocess.run(
        [sys.executable, "-P", "-c", ASK],
        env={**os.environ, "PYTHONPATH": places, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=cwd,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_only_app_and_sim_stand_at_top_level(wheel):
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    info = {top for top in tops if top.endswith(".dist-info")}
    assert len(info) == 1 and tops - info == {"app", "sim"}


@pytest.mark.parametrize("room", ["assets", "shaders"])
def test_the_wheel_holds_every_file(installed, room):
    def below(folder):
        found = (p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
        return {p.as_posix() for p in found if p.parts[0] != LEFT_OUT}

    assert below(installed / "sim" / room) == below(ROOT / room)


def on_disk(paths):
    return sum(-(-p.stat().st_size // BLOCK) * BLOCK for p in paths)


def test_what_is_installed_is_small(installed):
    rooms = [installed / room for room in ("app", "sim")]
    model = sorted((installed / "sim" / "assets" / "models" / "minilm").iterdir())
    files = [p for room in rooms for p in room.rglob("*") if p.suffix != ".pyc"]
    rest = [p for p in files if p not in model]
    assert on_disk(rest) < MAX_MB * 1e6
    assert sum(p.stat().st_size for p in model) <= MODEL_MB * 1e6
    assert {p.name for p in model} >= {"README.md", "LICENSE.txt"}


def test_an_editable_install_points_at_the_tree(tmp_path):
    with zipfile.ZipFile(build(WheelBuilder, tmp_path, "editable")) as archive:
        names = [n for n in archive.namelist() if ".dist-info/" not in n]
        assert len(names) == 1 and names[0].endswith(".pth")
        assert set(archive.read(names[0]).decode().split()) == {str(ROOT)}


def test_files_are_found_wherever_the_packages_are(installed, tmp_path):
    tree = ask(ROOT, cwd=tmp_path)
    copy = ask(installed, cwd=tmp_path)
    assert tree[2] == str(ROOT) and copy[2] == str(installed / "sim")
    assert tree[3] == copy[3] and "0" not in copy[3].split()
    # An installed copy and the tree, both on the path: the first one is complete.
    assert ask(ROOT, installed, cwd=tmp_path) == tree
    assert ask(installed, ROOT, cwd=tmp_path) == copy


def test_a_wheel_can_be_built_from_the_source_archive(wheel, tmp_path):
    archive = build(SdistBuilder, tmp_path, "standard")
    subprocess.run(["tar", "-xzf", archive], cwd=tmp_path, check=True)
    [folder] = [p for p in tmp_path.iterdir() if p.is_dir()]
    for name in ("README.md", "CITATION.cff", "assets/pictures", "tests/conftest.py"):
        assert (folder / name).exists(), name
    [again] = WheelBuilder(str(folder)).build(
        directory=str(tmp_path), versions=["standard"]
    )
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert one.namelist() == other.namelist()
