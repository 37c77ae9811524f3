"""What the drawing room puts on the screen, read back pixel by pixel."""

from __future__ import annotations

import shutil
import subprocess
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest

from app.document.look import Look
from app.gl import gloo, glsl, trails
from app.gl.circle import DENSITY_BAND, angles
from app.gl.offscreen import Offscreen
from app.gl.scalar_field import exact_map, field_grid
from app.scene.camera import Camera, between
from app.scene.globe_fields import painted_globe
from app.scene.scene import Lines, Scene, TrailLines, bead_radius
from app.theme.palette import DARK, LIGHT, Theme, rgb
from sim import Scenario, Simulation
from sim.frame_request import FrameRequest
from sim.measure.globe_flow import KAPPA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.scene.scene import FieldKind

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
VALIDATOR = shutil.which("glslangValidator")
CAMERA = Camera(30, 20, size=(400, 360))
RED = (1.0, 0.1, 0.1, 1.0)


@pytest.fixture(scope="module")
def shared() -> Offscreen:
    return Offscreen(DARK)


@pytest.fixture
def off(shared: Offscreen) -> Iterator[Offscreen]:
    shared.stage.set_theme(DARK)
    shared.stage.show(empty())
    yield shared


def empty() -> Scene:
    return Scene(np.zeros((0, 3), np.float32), np.zeros((0, 4), np.float32))


def sphere(n: int, seed: int = 0) -> Floats:
    x = np.random.default_rng(seed).standard_normal((n, 3))
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


def colours(n: int, colour: tuple[float, float, float, float] = RED) -> Floats:
    return np.tile(np.array(colour, np.float32), (n, 1))


def tokens(*x: npt.ArrayLike) -> Scene:
    """Return a picture of red tokens that leave no trail and do not glow."""
    points = np.array(x, np.float32)
    return Scene(points, colours(len(points)), glow=False)


def trailing(x: Floats, m: int) -> TrailLines:
    """Return trails of m points that lead to the points `x` from the north."""
    ages = np.linspace(2.0, 0.0, m, dtype=np.float32)
    way = x + 0.3 * ages[:, None, None] * np.array([0, 0, 1], np.float32)
    return TrailLines(way.astype(np.float32), ages, 2.0)


def lines(start: Floats, end: Floats, flux: float | None = None) -> Lines:
    one = np.ones(1, np.float32)
    flow = None if flux is None else np.full(1, flux, np.float32)
    return Lines(start[None], end[None], one, flow)


def drawn(off: Offscreen, picture: Scene, camera: Camera = CAMERA) -> Pixels:
    off.stage.show(picture)
    return off.draw(camera)


def at(image: Pixels, camera: Camera, x: npt.ArrayLike, spread: int = 1) -> Floats:
    """Return the mean colour, in [0, 1], around the place of a point: (3,)."""
    xy, _ = camera.project(np.array([x], float))
    column, row = np.floor(xy[0]).astype(int)
    box = image[row - spread : row + spread + 1, column - spread : column + spread + 1]
    return box.reshape(-1, 3).mean(0, dtype=np.float32) / np.float32(255)


def seen(camera: Camera, right: float, up: float, back: float) -> Floats:
    """Return the point of the unit sphere in this direction of the screen."""
    x = camera.rotation.T @ np.array([right, up, back])
    return (x / np.linalg.norm(x)).astype(np.float32)


def changed(a: Pixels, b: Pixels, least: int = 6) -> npt.NDArray[np.bool_]:
    return (np.abs(a.astype(int) - b).max(-1)) >= least


class TestShaders:
    def test_include_inserts_the_text_once(self) -> None:
        text = glsl.source("bead.frag")
        assert text.startswith("#version 120")
        assert "#include" not in text
        assert text.count("vec3 behind_glass(") == 1

    def test_unknown_name_lists_the_known_ones(self) -> None:
        with pytest.raises(ValueError, match=r"no file 'nix\.frag'.*bead\.frag"):
            glsl.source("nix.frag")

    @pytest.mark.skipif(VALIDATOR is None, reason="glslangValidator is not installed")
    @pytest.mark.parametrize("name", [n for n in glsl.names() if "/" not in n])
    def test_each_file_is_valid_alone(self, name: str) -> None:
        command = [str(VALIDATOR), "--stdin", "-S", name[-4:]]
        run = subprocess.run(
            command, input=glsl.source(name), text=True, capture_output=True
        )
        assert run.returncode == 0, run.stdout

    def test_every_file_is_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: set[str] = set()

        def source(name: str) -> str:
            asked.add(name)
            return kept(name)

        kept = glsl.source
        monkeypatch.setattr(glsl, "source", source)
        Offscreen(DARK)
        # Included files are asked for only where they are not cached yet.
        programs = {n for n in glsl.names() if not n.startswith("lib/")}
        assert {n for n in asked if not n.startswith("lib/")} == programs


class TestCamera:
    def test_toward_centres_a_point(self) -> None:
        for x in sphere(20):
            camera = CAMERA.toward(x)
            if abs(camera.elevation) < 89:
                xy, facing = camera.project(x[None])
                assert xy[0] == pytest.approx([200, 180], abs=0.05)
                assert facing[0] > 0

    def test_between_takes_the_shortest_way(self) -> None:
        a, b = Camera(350, 0, zoom=1.0), Camera(10, 20, zoom=4.0)
        middle = between(a, b, 0.5)
        assert middle.azimuth % 360 == pytest.approx(0, abs=1e-9)
        assert (middle.elevation, middle.zoom) == pytest.approx((10, 2))
        assert between(a, b, 0.0) == replace(a, size=b.size)
        assert between(a, b, 1.0) == b

    def test_rotation_is_orthogonal(self) -> None:
        for camera in (CAMERA, Camera(211, -77), Camera(flat=True)):
            assert camera.rotation @ camera.rotation.T == pytest.approx(
                np.eye(3), abs=1e-6
            )
            assert np.linalg.det(camera.rotation) == pytest.approx(1, abs=1e-6)

    def test_orbit_stops_at_the_poles(self) -> None:
        assert CAMERA.orbit(0, 500).elevation == 89
        assert CAMERA.orbit(370, 0).azimuth == pytest.approx(20)

    def test_bead_is_drawn_where_it_is_projected(self, off: Offscreen) -> None:
        for camera in (CAMERA, Camera(250, -40, 1.7, size=(300, 420))):
            x = seen(camera, 0.4, -0.25, 0.8)
            image = drawn(off, tokens(x), camera)
            mark = changed(image, drawn(off, empty(), camera), 60)
            xy, _ = camera.project(x[None])
            rows, columns = np.nonzero(mark)
            found = [columns.mean() + 0.5, rows.mean() + 0.5]
            assert found == pytest.approx(list(xy[0]), abs=0.7)


class TestGlobe:
    def test_corner_is_the_canvas(self, off: Offscreen) -> None:
        for theme in (DARK, LIGHT):
            off.stage.set_theme(theme)
            image = drawn(off, empty(), Camera(size=(600, 300)))
            assert image[2, 2] == pytest.approx(rgb(theme.canvas) * 255)

    def test_halo_and_glass_are_lighter_than_the_canvas(self, off: Offscreen) -> None:
        image = drawn(off, empty())
        limb = seen(CAMERA, -0.7, 0.7, 0.2) * 1.03
        night = rgb(DARK.canvas)
        assert at(image, CAMERA, limb)[2] > night[2] + 0.1
        assert at(image, CAMERA, (0.1, 0.2, 0.3))[2] > night[2] + 0.1

    def test_equator_is_brass(self, off: Offscreen) -> None:
        camera = Camera(15, 25, size=(500, 500))
        image = drawn(off, empty(), camera)
        on = at(image, camera, seen(Camera(15, 0), 0, 0, 1), 0)
        beside = at(image, camera, seen(Camera(15, 0), 0, 0.06, 1), 0)
        warm = on - beside
        assert warm[0] > 0.03
        assert warm[0] > warm[2]

    def test_shade_does_not_band(self, off: Offscreen) -> None:
        row = drawn(off, empty(), Camera(3, 0, size=(800, 800)))[320, 260:560, 2]
        runs = np.diff(np.flatnonzero(np.diff(row.astype(int)) != 0))
        assert runs.max() < 24  # pixels of one value in a row: no visible step

    def test_turning_only_moves_lines(self, off: Offscreen) -> None:
        a, b = drawn(off, empty()), off.draw(CAMERA.orbit(8, 3))
        assert 0.01 < changed(a, b, 2).mean() < 0.25

    def test_blend_and_blit_agree(
        self, off: Offscreen, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        copied = drawn(off, tokens(*sphere(20)))
        other = Offscreen(DARK)

        def fail(*_: int) -> bool:
            return False

        monkeypatch.setattr(gloo, "blit", fail)
        assert np.array_equal(drawn(other, tokens(*sphere(20))), copied)


class TestBeads:
    def test_bead_has_its_colour(self, off: Offscreen) -> None:
        x = [seen(CAMERA, s, 0.2, 0.8) for s in (-0.4, 0.0, 0.4)]
        rgba = np.c_[np.eye(3), np.ones(3)].astype(np.float32)
        image = drawn(off, replace(tokens(*x), colours=rgba))
        for place, colour in zip(x, rgba, strict=True):
            assert int(at(image, CAMERA, place).argmax()) == int(colour[:3].argmax())

    @pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
    def test_far_bead_is_dim_but_readable(self, off: Offscreen, theme: Theme) -> None:
        off.stage.set_theme(theme)
        place = np.array([0.21, -0.16, 0.0])
        eye = np.array([0, 0, CAMERA.distance])
        contrast: list[float] = []
        for side in (1, -1):
            ray = place - eye
            a, b, c = ray @ ray, ray @ eye, eye @ eye - 1
            s = (-b - side * np.sqrt(b * b - a * c)) / a
            x = CAMERA.rotation.T @ (eye + s * ray)
            plain = at(drawn(off, empty()), CAMERA, x)
            bead = at(drawn(off, tokens(x)), CAMERA, x)
            contrast.append(float(np.linalg.norm(bead - plain)))
        assert 0.25 < contrast[1] / contrast[0] < 0.60

    def test_near_bead_hides_a_far_one(self, off: Offscreen) -> None:
        x = CAMERA.rotation[2]
        rgba = np.array([[0, 1, 0, 1], RED], np.float32)
        image = drawn(off, replace(tokens(x, -x), colours=rgba))
        green = at(image, CAMERA, x)
        assert green[1] > 2 * green[0]

    @pytest.mark.slow
    def test_crossing_the_limb_never_jumps(self, off: Offscreen) -> None:
        last: npt.NDArray[np.float64] | None = None
        steps: list[float] = []
        for angle in np.linspace(70, 100, 61):
            a = np.radians(angle)
            x = CAMERA.rotation.T @ np.array([np.sin(a), 0, np.cos(a)])
            now = drawn(off, tokens(x)).astype(float)
            if last is not None:
                steps.append(float(np.abs(now - last).sum()))
            last = now
        assert max(steps) < 3 * np.median(steps)

    def test_size_follows_the_picture(self, off: Offscreen) -> None:
        plain = drawn(off, empty())
        x = tokens(seen(CAMERA, 0, 0, 1))
        area = [changed(drawn(off, replace(x, bead=b)), plain).sum() for b in (1, 2)]
        assert area[1] == pytest.approx(4 * area[0], rel=0.25)

    def test_radius_shrinks_with_n_within_bounds(self) -> None:
        radii = [bead_radius(n) for n in (0, 1, 64, 2000, 20_000, 10**6)]
        assert radii == sorted(radii, reverse=True)
        assert (radii[0], radii[-1]) == (0.056, 0.0035)

    def test_glow_is_light_on_a_dark_canvas_only(self, off: Offscreen) -> None:
        x = tokens(seen(CAMERA, 0, 0, 1))
        for theme, more in ((DARK, True), (LIGHT, False)):
            off.stage.set_theme(theme)
            plain, lit = drawn(off, x), drawn(off, replace(x, glow=True))
            assert (lit.astype(int) - plain).min() >= -1
            assert bool(changed(lit, plain, 3).sum() > 50) is more

    @pytest.mark.slow
    @pytest.mark.parametrize("n", [0, 1, 20_001, 200_001])
    def test_any_number_is_drawn(self, off: Offscreen, n: int) -> None:
        plain = drawn(off, empty())
        image = drawn(off, Scene(sphere(n), colours(n)))
        assert changed(image, plain).any() == (n > 0)

    def test_chosen_bead_has_a_brass_ring(self, off: Offscreen) -> None:
        x = tokens(seen(CAMERA, 0, 0, 1))
        ring = replace(x, chosen=np.array([True]))
        image = drawn(off, ring)
        new = changed(image, drawn(off, x), 40)
        rows, columns = np.nonzero(new)
        away = np.hypot(rows + 0.5 - 180, columns + 0.5 - 200)
        assert away.min() > bead_radius(1) * CAMERA.pixels
        brass = image[new].mean(0)
        assert brass[0] > brass[2]

    @pytest.mark.slow
    def test_ring_of_mass_grows_with_its_root(self, off: Offscreen) -> None:
        camera = replace(CAMERA, size=(800, 800))
        x = tokens(seen(camera, 0, 0, 1))
        plain = drawn(off, x, camera)
        radii: list[float] = []
        for mass in (1, 4, 36, 144):
            heavy = replace(x, mass=np.array([mass], np.float32))
            rows, columns = np.nonzero(changed(drawn(off, heavy, camera), plain, 20))
            away = np.hypot(rows - 399.5, columns - 399.5)
            radii.append(float(away.mean()) if len(away) else 0.0)
        assert radii[0] == 0  # one token alone
        growth = np.diff(radii[1:])
        assert growth[1] / growth[0] == pytest.approx(6 / 4, rel=0.1)


class TestTrails:
    def path(self, steps: int = 40, end: float = 0.3) -> tuple[Floats, Scene]:
        """Return the places of a token that ran to the right, newest last, and it."""
        turn = np.linspace(-0.5, end, steps)
        x = np.array([seen(CAMERA, np.sin(a), 0.3, np.cos(a)) for a in turn], "f4")
        ages = np.linspace(2.0, 0.0, steps, dtype=np.float32)
        return x, replace(tokens(x[-1]), trails=TrailLines(x[:, None], ages, 2.0))

    def test_trail_fades_from_head_to_tail(self, off: Offscreen) -> None:
        plain = drawn(off, empty())
        x, scene = self.path()
        image = drawn(off, scene)
        ink = [at(image, CAMERA, p)[0] - at(plain, CAMERA, p)[0] for p in x[:-6]]
        assert ink[-1] > 0.15
        assert ink[0] < 0.02
        assert np.all(np.diff(ink[::6]) > -0.01)

    def test_few_points_show_the_same_trail_as_many(self, off: Offscreen) -> None:
        images = [drawn(off, self.path(steps)[1]).astype(int) for steps in (20, 80)]
        assert np.abs(images[1] - images[0]).mean() < 0.01
        bare = drawn(off, tokens(self.path()[0][-1])).astype(int)
        assert np.abs(images[1] - bare).mean() > 0.06

    def test_a_trail_ends_where_it_is_no_longer_than_that(self, off: Offscreen) -> None:
        x, scene = self.path()
        assert scene.trails is not None
        older = replace(scene.trails, ages=2 * scene.trails.ages)
        image = drawn(off, replace(scene, trails=older))
        bare = drawn(off, tokens(x[-1]))
        assert changed(image, bare, 5).any()
        for place in x[:18:3]:  # older than the trail is long
            assert abs(at(image, CAMERA, place) - at(bare, CAMERA, place)).max() < 0.01

    def test_the_trails_of_one_scene_leave_nothing_behind(self, off: Offscreen) -> None:
        x, scene = self.path()
        assert scene.trails is not None
        first, alone = drawn(off, scene), drawn(off, tokens(x[-1]))
        two = replace(
            tokens(x[0], x[-1]),
            trails=TrailLines(np.repeat(x[:, None], 2, 1), scene.trails.ages, 2.0),
        )
        drawn(off, two)
        assert np.array_equal(drawn(off, scene), first)
        assert np.array_equal(drawn(off, tokens(x[-1])), alone)

    def test_still_token_has_no_trail(self, off: Offscreen) -> None:
        x, scene = self.path()
        assert scene.trails is not None
        points = np.repeat(x[-1:, None], len(x), 0)
        still = replace(scene, trails=replace(scene.trails, points=points))
        assert np.array_equal(drawn(off, still), drawn(off, tokens(x[-1])))

    @pytest.mark.parametrize("zoom", [1.0, 7.0])
    def test_pieces_left_out_show_nothing(
        self, off: Offscreen, monkeypatch: pytest.MonkeyPatch, zoom: float
    ) -> None:
        x, still = sphere(60), np.arange(60) % 3 > 0
        points = trailing(x, 20).points
        slow = 1e-4 * (np.arange(60) % 3 == 1)[:, None] * (points - x)
        points[:, still] = (x + slow)[:, still]
        ages = np.linspace(2.0, 0.0, 20, dtype=np.float32)
        paths, camera = TrailLines(points, ages, 2.0), replace(CAMERA, zoom=zoom)
        speeds = np.linalg.norm(trails.velocities(paths), axis=-1)
        pieces = trails.visible_pieces(paths, speeds, camera, 0.6)
        assert pieces[:, ~still].any() and not pieces[:, still].all()
        picture = replace(tokens(*x), trails=paths)
        chosen = drawn(off, picture, camera)
        monkeypatch.setattr(trails, "MIN_ALPHA", -1.0)  # leave nothing out
        np.testing.assert_array_equal(chosen, drawn(off, picture, camera))

    def test_a_run_at_its_start_has_no_trail(self, off: Offscreen) -> None:
        x, scene = self.path()
        assert scene.trails is not None
        ages = np.zeros(len(x), np.float32)
        first = replace(scene, trails=replace(scene.trails, ages=ages))
        assert np.array_equal(drawn(off, first), drawn(off, tokens(x[-1])))


class TestLines:
    def test_arc_is_brass_and_lifted(self, off: Offscreen) -> None:
        a, b = seen(CAMERA, -0.5, 0, 0.8), seen(CAMERA, 0.5, 0, 0.8)
        plain = drawn(off, tokens(a, b))
        image = drawn(off, replace(tokens(a, b), arcs=lines(a, b)))
        new = image[changed(image, plain, 40)].mean(0)
        assert new[0] > new[2] + 30

    def test_far_arc_is_dimmer(self, off: Offscreen) -> None:
        ink: list[float] = []
        for back in (0.8, -0.8):
            a, b = seen(CAMERA, -0.5, 0, back), seen(CAMERA, 0.5, 0, back)
            plain = drawn(off, tokens(a, b)).astype(int)
            image = drawn(off, replace(tokens(a, b), arcs=lines(a, b)))
            ink.append(float(np.abs(image - plain).max()))
        assert 0.2 < ink[1] / ink[0] < 0.7

    @pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
    def test_flux_chooses_the_colour(self, off: Offscreen, theme: Theme) -> None:
        off.stage.set_theme(theme)
        a, b = seen(CAMERA, -0.5, 0.2, 0.8), seen(CAMERA, 0.5, 0.2, 0.8)
        warmth: list[float] = []
        for flux in (-1.0, 0.0, 1.0):
            off.stage.show(replace(tokens(a, b), edges=lines(a, b, flux)))
            middle = at(off.draw(CAMERA), CAMERA, (a + b) / np.linalg.norm(a + b), 0)
            warmth.append(float(middle[0] - middle[2]))
        assert warmth[0] > 0.1
        assert warmth[0] > warmth[1] > warmth[2]

    def test_edge_follows_the_sphere_or_runs_straight(self, off: Offscreen) -> None:
        a, b = seen(CAMERA, -0.8, 0.5, 0.5), seen(CAMERA, 0.8, 0.5, 0.5)
        chord = (a + b) / 2
        middle = chord / np.linalg.norm(chord)
        for on, place, other in ((True, middle, chord), (False, chord, middle)):
            bare = replace(tokens(a, b), on_sphere=on)
            plain = drawn(off, bare)
            image = drawn(off, replace(bare, edges=lines(a, b, 1.0)))
            gain = [at(image, CAMERA, p) - at(plain, CAMERA, p) for p in (place, other)]
            assert gain[0][2] > 0.15
            assert abs(gain[1]).max() < 0.05

    @pytest.mark.slow
    def test_twenty_thousand_edges_are_drawn(self, off: Offscreen) -> None:
        x, m = sphere(500), 20_000
        i, j = np.random.default_rng(1).integers(0, 500, (2, m))
        flux = np.linspace(-1, 1, m, dtype=np.float32)
        many = Lines(x[i], x[j], np.ones(m, np.float32), flux)
        plain = drawn(off, tokens(*x))
        image = drawn(off, replace(tokens(*x), edges=many))
        assert changed(image, plain).mean() > 0.2


class TestField:
    def test_field_is_painted_where_it_is_large(self, off: Offscreen) -> None:
        x = seen(CAMERA, 0.2, 0.1, 1)
        value = np.exp(12 * (field_grid() @ x - 1)).astype(np.float32)
        image = drawn(off, replace(empty(), field=value))
        peak, plain = at(image, CAMERA, x), at(drawn(off, empty()), CAMERA, x)
        assert peak[0] > plain[0] + 0.2
        assert peak[1] > peak[2]

    def test_field_covers_what_is_behind(self, off: Offscreen) -> None:
        value = np.ones((96, 192), np.float32)
        x = -CAMERA.rotation[2]
        bare = drawn(off, replace(empty(), field=value))
        bead = drawn(off, replace(tokens(x), field=value))
        through = np.abs(at(bead, CAMERA, x) - at(bare, CAMERA, x)).max()
        assert 0.02 < through < 0.2


class TestCircle:
    CAMERA = Camera(size=(500, 500), flat=True)

    def test_beads_are_on_the_circle(self, off: Offscreen) -> None:
        turn = np.array([0.3, 2.0, 4.0])
        x = np.stack([np.cos(turn), np.sin(turn), 0 * turn], -1)
        flat = replace(tokens(*x), flat=True)
        image = drawn(off, flat, self.CAMERA)
        for place in x:
            colour = at(image, self.CAMERA, place)
            assert colour[0] > 2 * colour[2]

    def test_density_rises_where_tokens_are(self, off: Offscreen) -> None:
        density_ring = np.exp(30 * (np.cos(angles() - 1.0) - 1)).astype(np.float32)
        bare = replace(tokens((1, 0, 0)), flat=True)
        plain = drawn(off, bare, self.CAMERA)
        image = drawn(off, replace(bare, density_ring=density_ring), self.CAMERA)
        r = DENSITY_BAND[0] + 0.9 * DENSITY_BAND[1]
        for angle, there in ((1.0, True), (2.5, False)):
            x = (r * np.cos(angle), r * np.sin(angle), 0)
            gain = at(image, self.CAMERA, x) - at(plain, self.CAMERA, x)
            assert (gain[1] > 0.3) == there

    def test_scene_decides_that_it_is_flat(self, off: Offscreen) -> None:
        flat = replace(tokens((1, 0, 0)), flat=True)
        tilted = drawn(off, flat, replace(CAMERA, flat=False))
        assert np.array_equal(tilted, drawn(off, flat, replace(CAMERA, flat=True)))


class TestOpenSpace:
    def test_there_is_no_glass(self, off: Offscreen) -> None:
        image = drawn(off, replace(empty(), on_sphere=False))
        x = seen(CAMERA, 0.1, -0.17, 1) * 0.2
        assert at(image, CAMERA, x, 0) == pytest.approx(rgb(DARK.canvas), abs=0.02)
        solid = drawn(off, empty())
        assert changed(solid, image).mean() > 0.2

    def test_nearer_bead_hides_the_other(self, off: Offscreen) -> None:
        rgba = np.array([RED, [0, 1, 0, 1]], np.float32)
        x = CAMERA.rotation[2]
        for near, far in ((1.4, 0.3), (0.2, -1.2)):
            both = replace(tokens(far * x, near * x), colours=rgba, on_sphere=False)
            front = at(drawn(off, both), CAMERA, near * x)
            assert front[1] > 2 * front[0]

    def test_far_bead_is_as_bright_as_a_near_one(self, off: Offscreen) -> None:
        x = CAMERA.rotation[2]
        both = [replace(tokens(s * x), on_sphere=False) for s in (0.8, -0.8)]
        near, far = (at(drawn(off, p), CAMERA, 0 * x) for p in both)
        assert near == pytest.approx(far, abs=0.02)


class TestStage:
    def test_many_draws_of_one_frame(self, off: Offscreen) -> None:
        picture = Scene(sphere(50), colours(50))
        first = drawn(off, picture)
        off.draw(CAMERA.orbit(50, 10))
        off.draw(replace(CAMERA, zoom=2.0))
        assert np.array_equal(off.draw(CAMERA), first)

    def test_a_scene_without_tokens_has_none_of_the_last_one(
        self, off: Offscreen
    ) -> None:
        bare = replace(empty(), field=np.full((96, 192), 0.5, np.float32))
        first = Offscreen(DARK)
        want = drawn(first, bare)
        drawn(off, Scene(sphere(50), colours(50)))
        assert np.array_equal(drawn(off, bare), want)

    def test_resize_and_return(self, off: Offscreen) -> None:
        first = drawn(off, tokens(*sphere(30)))
        other = off.draw(replace(CAMERA, size=(641, 203)))
        assert other.shape == (203, 641, 3)
        assert np.array_equal(off.draw(CAMERA), first)

    def test_set_theme_and_back(self, off: Offscreen) -> None:
        x = seen(CAMERA, 0, 0.1, 1)
        picture = replace(tokens(*sphere(30), x), chosen=np.arange(31) == 30)
        first = drawn(off, picture)
        off.stage.set_theme(LIGHT)
        light = off.draw(CAMERA)
        assert light.mean() > first.mean() + 80
        off.stage.set_theme(DARK)
        assert np.array_equal(off.draw(CAMERA), first)

    def test_picture_is_contiguous_and_owned(self, off: Offscreen) -> None:
        first = drawn(off, tokens(*sphere(5)))
        kept = first.copy()
        off.draw(CAMERA.orbit(90, 0))
        assert first.flags.c_contiguous
        assert first.dtype == np.uint8
        assert np.array_equal(first, kept)

    def test_two_samples_keep_the_picture_and_soften_it(self, off: Offscreen) -> None:
        one = drawn(off, tokens(*sphere(300)))
        two = off.draw(CAMERA, samples=2)
        assert two.shape == one.shape
        assert np.abs(two.astype(int) - one).mean() < 4
        assert np.array_equal(off.draw(CAMERA), one)
        rough, soft = (np.abs(np.diff(i.astype(int), axis=0)).max() for i in (one, two))
        assert soft < rough

    def test_windows_keep_their_alpha(self, off: Offscreen) -> None:
        """vispy wipes a window's alpha with the colour that was set last."""
        from vispy.gloo import gl

        off.stage.set_theme(DARK)  # paint the backdrop anew
        drawn(off, empty())
        get: Any = gl
        assert get.glGetParameter(get.GL_COLOR_CLEAR_VALUE)[3] == 1

    def test_samples_are_bounded(self, off: Offscreen) -> None:
        with pytest.raises(ValueError, match="must be 1 or 2, got 3"):
            off.draw(CAMERA, samples=3)

    def test_ratio_widens_lines_only(self, off: Offscreen) -> None:
        a, b = seen(CAMERA, -0.5, 0, 0.8), seen(CAMERA, 0.5, 0, 0.8)
        size = (800, 720)
        ink: list[float] = []
        for ratio in (1.0, 2.0):
            camera = replace(CAMERA, size=size, ratio=ratio)
            plain = drawn(off, tokens(a, b), camera)
            image = drawn(off, replace(tokens(a, b), arcs=lines(a, b)), camera)
            ink.append(float(changed(image, plain, 20).sum()))
        assert 1.2 < ink[1] / ink[0] < 2.5

    @pytest.mark.slow
    def test_resources_do_not_grow(self, off: Offscreen) -> None:
        """Change everything again and again; vispy keeps one object a GL resource."""
        held: list[int] = []
        for k in range(12):
            for n in (5 + k, 300 - k, 64):
                x = sphere(n)
                edges = Lines(x[:-1], x[1:], np.ones(n - 1, np.float32))
                mass, trails = np.full(n, 3.0), trailing(x, 4 + k % 3)
                off.stage.show(
                    Scene(x, colours(n), edges=edges, mass=mass, trails=trails)
                )
                off.draw(replace(CAMERA, size=(100 + k, 100), zoom=1 + 0.1 * k))
            held.append(len(off.canvas.context.shared.parser._objects))
        assert held[2] == held[-1]

    def test_frames_that_are_not_drawn_cost_no_memory(self, off: Offscreen) -> None:
        x = sphere(2000)
        off.draw(CAMERA)
        before = 0
        tracemalloc.start()
        try:
            for k in range(60):
                off.stage.show(Scene(x, colours(2000), trails=trailing(x, 4)))
                if k == 9:
                    before, _ = tracemalloc.get_traced_memory()
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert after - before < 400_000  # bytes: three frames at most

    @pytest.mark.slow
    def test_same_pictures_give_the_same_pixels(self) -> None:
        images: list[Pixels] = []
        for _ in range(2):
            fresh = Offscreen(DARK)
            x = sphere(80)
            mass = np.full(80, 4, np.float32)
            for _ in range(20):
                x = x + np.float32(0.02) * np.cross(x, [0, 0, 1]).astype(np.float32)
                x /= np.linalg.norm(x, axis=1, keepdims=True)
                arcs = Lines(x[:5], x[5:10], np.ones(5, np.float32))
                trails = trailing(x, 20)
                picture = Scene(x, colours(80), mass=mass, arcs=arcs, trails=trails)
                fresh.stage.show(picture)
            images.append(fresh.draw(CAMERA))
        assert np.array_equal(images[0], images[1])

    def test_missing_opengl_is_explained(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from vispy import app

        def fail(**_: object) -> None:
            raise RuntimeError("Could not initialize")

        monkeypatch.setattr(app, "Canvas", fail)
        monkeypatch.setitem(__import__("sys").modules, "PySide6.QtWidgets", None)
        with pytest.raises(RuntimeError, match=r"EGL could not.*Install libegl1"):
            Offscreen(DARK)


class TestExactField:
    """A pixel has the colour that the legend gives to the value at its place."""

    @pytest.mark.parametrize("theme", [DARK, LIGHT])
    @pytest.mark.parametrize("kind", ["density", "divergence"])
    def test_pixels_are_the_formula(
        self, off: Offscreen, kind: FieldKind, theme: Theme
    ) -> None:
        off.stage.set_theme(theme)
        near = seen(CAMERA, 0, 0, 1)

        def formula(at: Any) -> Any:
            return 0.5 + 0.45 * np.sin(3 * (at @ np.array([0.6, -0.5, 0.8])) + 0.4)

        value = formula(field_grid()).astype(np.float32)
        image = drawn(off, replace(empty(), field=value, field_kind=kind))
        table = exact_map(theme, kind).astype(float) / 255
        misses = list[float]()
        for x in sphere(300, seed=4):
            if x @ near > 0.5:
                want = table[round(float(formula(x)) * 255)]
                misses.append(float(np.abs(at(image, CAMERA, x) - want).max()))
        assert len(misses) > 40
        # Meridians of the graticule lie on a few; a pixel is 0.006 radii wide.
        assert np.quantile(misses, 0.8) < 0.02
        assert max(misses) < 0.15

    def test_painted_density_is_the_formula_at_pixels(self, off: Offscreen) -> None:
        """From the tokens of a run to pixels: 4π/n Σⱼ of κ/(4π sinh κ) e^{κ⟨y,xⱼ⟩}."""
        off.stage.set_theme(DARK)
        run = Simulation(Scenario(tokens=24, seed=5), "numpy")
        request = FrameRequest(frozenset(), quantities=frozenset({"token_density"}))
        frame = run.frame(request=request)
        painted = painted_globe(frame, Look(field="density"))
        kept = replace(empty(), field=painted.field, field_kind=painted.kind)
        image = drawn(off, kept, CAMERA)
        table = exact_map(DARK, "density").astype(float) / 255
        misses = list[float]()
        for y in sphere(300, seed=4):
            if y @ seen(CAMERA, 0, 0, 1) > 0.5:
                kernel = KAPPA / np.sinh(KAPPA) * np.exp(KAPPA * (frame.x @ y))
                want = table[round(float(kernel.mean()) / painted.top * 255)]
                misses.append(float(np.abs(at(image, CAMERA, y) - want).max()))
        assert len(misses) > 40
        assert np.quantile(misses, 0.8) < 0.015  # of full brightness
        assert max(misses) < 0.08  # where a meridian lies over it


def test_uniforms_that_were_sent_before_are_those_of_the_camera(off: Offscreen) -> None:
    picture, other = tokens([1, 0, 0], [0, 1, 0], [0, 0, 1]), CAMERA.orbit(40, -30)
    first, second = drawn(off, picture), drawn(off, picture, other)
    assert not np.array_equal(first, second)
    assert np.array_equal(drawn(off, picture), first)  # back again: all are sent anew
    fresh = Offscreen(DARK)
    try:
        assert np.array_equal(drawn(fresh, picture, other), second)
    finally:
        fresh.close()
