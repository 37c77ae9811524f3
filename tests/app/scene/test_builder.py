"""Frames become pictures: places, colours for life, arcs, edges, rings, curves."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from helpers.traces import following

from app.annotations.caption_text import numbers, scene_notes, title
from app.annotations.legends import edge_rows
from app.annotations.number_format import percent
from app.canvas.build_queue import BuildQueue
from app.document.look import Look
from app.scene.arcs import MAX_ARCS, token_arcs
from app.scene.builder import SceneBuilder, request_for
from app.scene.colouring import FADE_S
from app.scene.density import density, density_ring
from app.scene.geometry import (
    MAX_STEMS,
    Scales,
    cluster_masses,
    field_texture,
    rounded_up,
)
from app.scene.projector import VISIBLE_RADIUS, Projector
from app.scene.scene_info import NO_SCENE
from app.theme.palette import DARK, LIGHT, LONE, rgb
from sim.frame import Frame, FrameRequest
from sim.measure.cluster_ids import reach
from sim.measure.potential import ANGLES
from sim.projections.axes import Axes
from sim.projections.guided import Guided
from sim.projections.pca import Pca
from sim.projections.rescaled import Rescaled
from sim.scenario import Scenario, edit
from sim.simulation import Simulation
from sim.trace import Peaks

ALL = FrameRequest(rows=(0, 5), quantities=frozenset({"speed", "head", "potential"}))


def a_frame(t=0.0, request=ALL, **changes):
    beta = {} if "dynamics" in changes else {"dynamics.beta": 9.0}
    changes = {"tokens": 40, **beta, **changes}
    simulation = Simulation(edit(Scenario(), changes), "numpy")
    simulation.advance(t)
    return simulation.frame(request=request)


def placed(x, t=0.0, labels=None, epoch=0, **fields):
    x = np.asarray(x, float)
    scenario = edit(Scenario(), {"tokens": len(x), "dimension": x.shape[1]})
    p = np.zeros((0, x.shape[1]))
    parts = {"scenario": scenario, "t": t, "x": x, "p": p, "epoch": epoch}
    return Frame(**parts, measures={}, labels=labels, **fields)


def scattered(n, d=3, seed=0):
    x = np.random.default_rng(seed).standard_normal((n, d))
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def heaps(sizes, spread=1e-3, seed=2):
    """Tokens in heaps of these sizes, far from each other, and their labels."""
    rng = np.random.default_rng(seed)
    k = np.arange(len(sizes)) + 0.5
    z, a = 1 - 2 * k / len(sizes), np.pi * (1 + 5**0.5) * k
    home = np.stack([(1 - z * z) ** 0.5 * np.cos(a), (1 - z * z) ** 0.5 * np.sin(a), z])
    labels = np.repeat(np.arange(len(sizes)), sizes)
    x = home.T[labels] + spread * rng.standard_normal((len(labels), 3))
    return x / np.linalg.norm(x, axis=1, keepdims=True), labels


# Where tokens are


@pytest.mark.slow
@pytest.mark.parametrize("d", [2, 3, 9])
@pytest.mark.parametrize("space", ["pre_ln", "peri_ln", "mix_ln", "flat"])
def test_stems_lead_to_tokens_that_have_lengths(d, space):
    frame, builder = a_frame(3.0, dimension=d, space=space), SceneBuilder(DARK)
    picture = builder.build(frame, Look())
    assert not picture.edges.start.any()
    np.testing.assert_array_equal(picture.edges.end, picture.points)
    assert not picture.edges.weight.any()
    length = np.linalg.norm(frame.x, axis=1)
    assert length.max() > 1.01
    said = f"r = |xᵢ| from {length.min():.3g} to {length.max():.3g}"
    assert said in scene_notes(frame, Look(), builder.info)
    if d <= 3:
        projected = (
            np.linalg.norm(picture.points, axis=1) / builder.info.projected.scale
        )
        assert projected == pytest.approx(length, rel=1e-5)


def test_equal_lengths_are_shown_once():
    frame = a_frame(space="pre_ln")
    assert "r = |xᵢ| = 1" in scene_notes(frame, Look(), NO_SCENE)


@pytest.mark.parametrize(
    ("changes", "look"),
    [
        ({}, Look()),
        ({"space": "flat", "dynamics": "bracket"}, Look()),
        ({"space": "flat"}, Look(projection=Rescaled())),
    ],
)
def test_lengths_are_shown_only_where_tokens_have_them(changes, look):
    frame, builder = a_frame(0.5, **changes), SceneBuilder(DARK)
    lines = builder.build(frame, look).edges
    assert lines is None or len(lines.weight) == len(frame.edges)
    assert "|xᵢ|" not in " ".join(scene_notes(frame, look, builder.info))


def test_stems_can_be_hidden_and_are_not_drawn_for_many_tokens():
    frame = a_frame(space="pre_ln")
    assert SceneBuilder(DARK).build(frame, Look(edges=False)).edges is None
    many = a_frame(space="pre_ln", tokens=MAX_STEMS + 1)
    assert SceneBuilder(DARK).build(many, Look()).edges is None


@pytest.mark.parametrize("d", [2, 3, 4, 50])
@pytest.mark.parametrize("space", ["sphere", "centred", "flat"])
def test_every_dimension_and_space_makes_a_valid_scene(d, space):
    frame = a_frame(0.5, dimension=d, space=space)
    picture = SceneBuilder(DARK).build(frame, Look(), (0, 5, 999))
    assert picture.points.shape == (40, 3)
    assert picture.points.dtype == picture.colours.dtype == np.float32
    assert np.isfinite(picture.points).all()
    assert picture.colours.min() >= 0
    assert picture.colours.max() <= 1
    assert picture.on_sphere == (space != "flat")
    assert picture.flat == (d == 2)
    if picture.on_sphere:
        assert np.linalg.norm(picture.points, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.flatnonzero(picture.chosen).tolist() == [0, 5]


def test_three_dimensions_need_no_projection():
    frame = a_frame(dimension=3)
    builder = SceneBuilder(DARK)
    assert builder.build(frame, Look()).points == pytest.approx(frame.x, abs=1e-6)
    assert builder.info.share is None


def test_the_share_of_variance_is_shown_in_more_dimensions():
    builder, look = SceneBuilder(DARK), Look()
    frame = a_frame(dimension=9)
    builder.build(frame, look)
    said = " ".join(scene_notes(frame, look, builder.info))
    assert 0 < builder.info.share < 1
    assert "three principal axes" in said
    assert "onto the globe" in said
    assert percent(builder.info.share) in said


def test_some_projections_draw_inside_the_globe():
    frame = a_frame(dimension=9)
    look = Look(projection=Pca(onto_globe=False))
    builder = SceneBuilder(DARK)
    assert not builder.build(frame, look).on_sphere
    assert "globe" not in " ".join(scene_notes(frame, look, builder.info))


def test_a_scene_does_not_depend_on_the_frames_drawn_before():
    frames = [a_frame(t, dimension=9) for t in (0.0, 2.0)]
    for look in (Look(), Look(projection=Guided()), Look(projection=Axes())):
        fresh, used = SceneBuilder(DARK), SceneBuilder(DARK)
        used.build(frames[0], look)
        one, two = fresh.build(frames[1], look), used.build(frames[1], look)
        assert np.array_equal(one.points, two.points)
        assert np.array_equal(one.colours, two.colours)
    assert one.points == pytest.approx(frames[1].x[:, :3], abs=1e-6)


@pytest.mark.parametrize("size", [1e3, 1e30])
def test_the_farthest_tokens_are_scaled_to_fit_in_view(size):
    x = size * np.array([[0.3, 0.0, 0.0], [0.0, -0.4, 0.0], [0.0, 0.0, 0.0]])
    x[2, 0] = 1e300  # nowhere, to a graphics card
    scenario = edit(Scenario(), {"tokens": 3, "space": "flat"})
    frame = dataclasses.replace(placed(x), scenario=scenario)
    projected = Projector(frame, Look()).projected
    expected = np.array([[0.75, 0, 0], [0, -1, 0], [0, 0, 0]]) * VISIBLE_RADIUS
    assert np.abs(projected.points - expected).max() < 1e-6


def test_the_scale_of_diverging_tokens_is_shown():
    x = 10 * scattered(8)
    scenario = edit(Scenario(), {"tokens": 8, "space": "flat"})
    frame = dataclasses.replace(placed(x), scenario=scenario)
    builder = SceneBuilder(DARK)
    picture = builder.build(frame, Look())
    assert np.linalg.norm(picture.points, axis=1).max() == pytest.approx(1.25)
    assert "0.12×" in " ".join(scene_notes(frame, Look(), builder.info))


def test_tokens_that_are_not_finite_do_not_break_the_scene():
    x = scattered(8)
    x[3] = np.nan
    scenario = edit(Scenario(), {"tokens": 8, "space": "flat"})
    frame = dataclasses.replace(placed(x, labels=np.arange(8)), scenario=scenario)
    assert np.isfinite(SceneBuilder(DARK).build(frame, Look()).points).all()


# Colours


@pytest.mark.slow
def test_the_same_frames_make_the_same_scenes():
    frames = [a_frame(t, dimension=7) for t in (0.0, 0.5, 1.0)]
    one, two = SceneBuilder(DARK), SceneBuilder(DARK)
    for frame in frames:
        a, b = one.build(frame, Look()), two.build(frame, Look())
        assert np.array_equal(a.points, b.points)
        assert np.array_equal(a.colours, b.colours)


def test_a_merged_cluster_keeps_the_colour_of_the_larger_one():
    x, labels = heaps([30, 10, 5])
    builder, first = SceneBuilder(DARK), placed(x.copy(), labels=labels)
    builder.build(first, Look())
    large, small = builder.info.numbers[0], builder.info.numbers[30]
    assert large != small
    x[30:40] = x[0]
    merged = placed(x, t=0.1, labels=np.repeat([0, 1], [40, 5]))
    builder.build(following(merged, first), Look())
    assert (builder.info.numbers[:40] == large).all()


def test_the_colour_of_a_merged_cluster_fades_over_300_ms_of_display():
    x, labels = heaps([30, 10])
    builder, look = SceneBuilder(DARK), Look(speed=2.0)
    first = placed(x.copy(), labels=labels)
    before = builder.build(first, look).colours[30].copy()
    x[30:] = x[0]
    merged = [
        following(placed(x, t, labels=np.zeros(40, int)), first)
        for t in (2 * FADE_S, 2 * 4 * FADE_S)
    ]
    soon, late = (builder.build(frame, look).colours[30] for frame in merged)
    goal = builder.info.colours[0]
    assert np.linalg.norm(soon - goal) == pytest.approx(
        np.exp(-1) * np.linalg.norm(before - goal), rel=1e-3
    )
    assert np.linalg.norm(late - goal) < 0.03


def test_few_tokens_have_their_own_colours_until_they_merge():
    x, labels = heaps([1] * 8)
    builder, first = SceneBuilder(DARK), placed(x.copy(), labels=labels)
    builder.build(first, Look())
    assert len(set(builder.info.numbers.tolist())) == 8
    x[5] = x[2]
    second = placed(x.copy(), t=1.0, labels=labels)
    builder.build(following(second, first), Look())
    assert builder.info.numbers[5] == builder.info.numbers[2]
    x[5] = scattered(8)[5]
    builder.build(following(placed(x, t=2.0, labels=labels), second), Look())
    assert len(set(builder.info.numbers.tolist())) == 8


def test_chance_neighbours_are_not_a_cluster():
    """Uniform tokens are alone on average, in any dimension."""
    for n, d in ((64, 3), (500, 3), (128, 16), (240, 384)):
        builder = SceneBuilder(DARK)
        builder.build(placed(scattered(n, d)), Look())
        assert (builder.info.cluster_ids == LONE).mean() > 0.7
    assert reach(64, 3) == pytest.approx((2 * (1 - 0.984)) ** 0.5, rel=0.05)


def test_a_chain_around_the_globe_is_not_a_cluster():
    x = scattered(2000)
    builder = SceneBuilder(DARK)
    builder.build(placed(x, labels=np.zeros(2000, int)), Look())
    assert (builder.info.numbers == LONE).all()
    assert builder.info.legend.title == "density of tokens"
    assert len(np.unique(builder.info.colours, axis=0)) > 100


def test_many_tokens_are_bright_where_they_are_dense():
    x, _ = heaps([1000, 10, 10, 10], spread=0.1)
    rank = density(x.astype(np.float32))
    assert rank[:1000].min() > rank[1000:].max()


def test_density_changes_smoothly():
    x = scattered(600).astype(np.float32)
    a, b = density(x), density(x + np.float32(1e-4))
    assert np.abs(a - b).max() < 0.02 * a.max()


@pytest.mark.parametrize(
    ("colour", "reason"),
    [("group", "no groups"), ("head", "no heads"), ("centre", "causal attention")],
)
def test_a_colouring_that_is_impossible_falls_back_to_the_index(colour, reason):
    builder = SceneBuilder(DARK)
    frame = dataclasses.replace(a_frame(), head=None)
    builder.build(frame, Look(colour=colour))
    assert reason in builder.info.reason
    assert builder.info.legend.title == "index"


def test_groups_have_colours_and_names():
    x = scattered(6)
    frame = placed(x, groups=("b", "a", "b", "c", "a", "a"))
    builder = SceneBuilder(LIGHT)
    builder.build(frame, Look(colour="group"))
    assert builder.info.numbers.tolist() == [0, 1, 0, 2, 1, 1]
    assert builder.info.legend.names == ("b", "a", "c")
    assert builder.info.colours[1, :3] == pytest.approx(rgb(LIGHT.clusters[1]))


def test_strong_centres_other_centres_and_the_rest_differ_in_colour():
    scenario = edit(
        Scenario(tokens=4, dimension=2),
        {"dynamics.beta": 64, "dynamics.heads.mask": "causal"},
    )
    angles = np.array([0.0, 0.4, 0.8, 3.0])  # centres are 4/√64 = 0.5 apart
    first = np.stack([np.cos(angles), np.sin(angles)], -1)
    frame = Frame(
        scenario=scenario,
        t=0.0,
        x=first,
        p=first[:0],
        epoch=0,
        measures={},
        first=first,
    )
    builder = SceneBuilder(DARK)
    builder.build(frame, Look(colour="centre"))
    assert builder.info.legend.names == (
        "at a strong centre",
        "at another centre",
        "at no centre",
    )
    red, brass, grey = (rgb(c) for c in (DARK.bad, DARK.accent, DARK.muted))
    previous = np.array([red, grey, brass, red])
    assert builder.info.colours[:, :3] == pytest.approx(previous)
    met = dataclasses.replace(frame, epoch=1, x=first[[0, 0, 2, 3]])
    met = dataclasses.replace(met, labels=np.array([0, 0, 2, 3]))
    builder.build(met, Look(colour="centre"))
    assert builder.info.colours[1, :3] == pytest.approx(red)
    deep = edit(scenario, {"integrator": "layer"})
    builder.build(dataclasses.replace(met, scenario=deep), Look(colour="centre"))
    assert "needs an ODE, got layers" in builder.info.reason


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize(
    "colour", ["cluster", "group", "head", "speed", "index", "centre"]
)
def test_every_colouring_colours_every_token(colour, theme):
    frame = a_frame(1.0)
    builder = SceneBuilder(theme)
    quantities = builder.request(Look(colour=colour), frame).quantities
    assert ("speed" in quantities) == (colour == "speed")
    builder.build(frame, Look(colour=colour))
    assert builder.info.colours.shape == (40, 4)
    assert builder.info.numbers.shape == (40,)


def test_speed_is_on_one_scale_for_the_run():
    builder, look = SceneBuilder(DARK), Look(colour="speed")
    fast, slow = np.full(9, 1.0), np.full(9, 1e-3)
    x = scattered(9)
    builder.build(placed(x, 0.0, speed=fast), look)
    bright = builder.info.colours[0]
    late = placed(x, 9.0, speed=slow)
    builder.build(following(late, late, peaks=Peaks(speed=1.0)), look)
    assert not np.allclose(builder.info.colours[0], bright, atol=0.2)
    builder.build(placed(x, 0.0, epoch=1, speed=slow), look)
    assert builder.info.colours[0] == pytest.approx(bright)


def test_a_new_theme_applies_at_once():
    frame, builder = a_frame(), SceneBuilder(DARK)
    builder.build(frame, Look())
    builder.set_theme(LIGHT)
    builder.build(frame, Look())
    fresh = SceneBuilder(LIGHT)
    fresh.build(frame, Look())
    assert np.array_equal(builder.info.colours, fresh.info.colours)


# Beside the beads


def test_arcs_show_the_largest_weights_and_never_loops():
    frame = a_frame(1.0)
    picture = SceneBuilder(DARK).build(frame, Look(), (0, 5))
    arcs = picture.arcs
    assert 0 < len(arcs.weight) <= 2 * MAX_ARCS
    assert arcs.weight.max() == 1
    assert arcs.weight.min() > 0
    assert (np.linalg.norm(arcs.start - arcs.end, axis=1) > 0.05).all()
    assert SceneBuilder(DARK).build(frame, Look(arcs=False), (0, 5)).arcs is None
    assert SceneBuilder(DARK).build(frame, Look()).arcs is None


def test_flux_is_positive_where_an_edge_pulls_and_zero_at_rest():
    x = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], float)
    edges = np.array([[0, 1], [0, 2]])
    p = np.array([[0.3, 0.0, 0.0], [0.0, -0.3, 0.0]])
    frame = dataclasses.replace(placed(x), p=p, edges=edges, carrier="edges")
    lines = SceneBuilder(DARK).build(frame, Look()).edges
    assert lines.flux.tolist() == pytest.approx([1.0, -1.0])
    frame = dataclasses.replace(frame, p=0 * p)
    lines = SceneBuilder(DARK).build(frame, Look()).edges
    assert lines.flux.tolist() == [0.0, 0.0]
    assert SceneBuilder(DARK).build(frame, Look(edges=False)).edges is None


def test_a_pulling_edge_of_the_bracket_gets_shorter():
    changes = {"tokens": 12, "space": "flat", "dynamics": "bracket"}
    simulation = Simulation(edit(Scenario(), changes), "numpy")
    simulation.advance(0.4)
    frame = simulation.frame()
    lines = SceneBuilder(DARK).build(frame, Look()).edges
    tail, head = frame.edges.T
    along = frame.x[head] - frame.x[tail]
    squeeze = (frame.p * along).sum(axis=1)
    assert (np.sign(lines.flux) == np.sign(squeeze)).all()


def test_the_colour_and_the_width_of_edges_have_scales_that_only_grow():
    x = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], float)
    edges, p = np.array([[0, 1], [0, 2]]), np.array([[2.2, 0, 0], [0, -1.1, 0]])
    frame = dataclasses.replace(
        placed(x),
        p=p,
        edges=edges,
        carrier="edges",
        edge_weight=np.array([0.4, 1.2]),
    )
    builder = SceneBuilder(DARK)
    lines = builder.build(frame, Look()).edges
    assert (builder.info.scales.flux, builder.info.scales.weight) == (3.0, (0.0, 1.5))
    assert lines.flux.tolist() == pytest.approx([2.2 / 3, -1.1 / 3])
    assert lines.weight.tolist() == pytest.approx([0.4 / 1.5, 0.8])
    calm, peaks = dataclasses.replace(frame, p=p / 9), Peaks(0.0, 2.2, 1.2)
    builder.build(following(calm, calm, peaks=peaks), Look())
    assert builder.info.scales.flux == 3.0
    flipped = dataclasses.replace(frame, p=-p, edges=edges[:, ::-1])
    assert builder.build(flipped, Look()).edges.flux == pytest.approx(lines.flux)
    alike = dataclasses.replace(frame, edge_weight=np.ones(2))
    assert np.ptp(builder.build(alike, Look()).edges.weight) == 0
    assert builder.info.scales.weight is None
    tied = dataclasses.replace(frame, carrier="tokens")
    assert builder.build(tied, Look()).edges.flux is None
    assert builder.info.scales.flux is None
    builder.build(frame, Look(edges=False))
    assert builder.info.scales.weight is None


@pytest.mark.parametrize(
    ("value", "end"), [(1.0, 1), (1.2, 1.5), (0.31, 0.5), (7.1, 10), (0.0021, 0.003)]
)
def test_scales_end_at_round_numbers(value, end):
    assert rounded_up(value) == pytest.approx(end)


def test_the_legend_of_edges_names_both_scales():
    flux, ramp, wedge = edge_rows(Scales(3.0, (0.0, 1.5)), DARK)
    assert "outward" in flux.text
    assert (ramp.low, ramp.text) == ("−3", "+3")
    assert ramp.colours[0].tolist() == pytest.approx(list(rgb(DARK.flux[0])))
    assert ramp.colours[16].tolist() == pytest.approx(list(rgb(DARK.flux[1])))
    assert (wedge.low, wedge.text, wedge.wedge) == ("0", "1.5  edge weight", (1, 4))
    assert edge_rows(Scales(), DARK) == []


def test_mass_is_counted_once_at_each_place():
    x, labels = heaps([30, 7, 1])
    mass = cluster_masses(labels, x.astype(np.float32), 0.04)
    assert sorted(mass[mass > 0].tolist()) == [1, 7, 30]
    assert labels[np.flatnonzero(mass)].tolist() == [0, 1, 2]


def test_the_density_ring_is_the_von_mises_estimate():
    a = np.random.default_rng(0).uniform(-np.pi, np.pi, 50)
    points = np.stack([np.cos(a), np.sin(a), 0 * a], -1).astype(np.float32)
    at = (np.arange(ANGLES) + 0.5) / ANGLES * 2 * np.pi - np.pi
    exact = np.exp(220 * (np.cos(at[:, None] - a) - 1)).sum(axis=1)
    assert density_ring(points) == pytest.approx(exact, abs=0.01 * exact.max())


def test_the_circle_has_two_rings_and_the_globe_a_field():
    ring, globe = a_frame(dimension=2), a_frame(dimension=3)
    flat = SceneBuilder(DARK).build(ring, Look())
    assert flat.density_ring.shape == flat.potential_ring.shape == (ANGLES,)
    assert flat.field is None
    assert flat.mass is None
    picture = SceneBuilder(DARK).build(globe, Look(potential=True))
    assert picture.field.shape == (96, 192)
    assert (picture.field.min(), picture.field.max()) == (0, 1)
    assert picture.density_ring is None
    assert SceneBuilder(DARK).build(globe, Look()).field is None


def test_a_constant_potential_has_an_empty_texture():
    assert not field_texture(np.full((96, 192), 3.0)).any()


# Requests and words


def test_a_request_holds_what_the_scene_needs_and_no_more():
    plain = request_for(Look(), 64, 3)
    kinds = frozenset({"f_hat", "energy", "clusters"})
    assert plain == FrameRequest(observables=kinds, trails=frozenset({2.0}))
    assert not request_for(Look(), 64, 2).trails
    assert request_for(Look(), 64, 3, (4, 2)).rows == (4, 2)
    assert request_for(Look(arcs=False), 64, 3, (4, 2)).rows == ()
    assert "potential" in request_for(Look(), 64, 2).quantities
    assert "potential" in request_for(Look(potential=True), 64, 3).quantities
    assert "potential" not in request_for(Look(potential=True), 64, 9).quantities
    assert "head" in request_for(Look(colour="head"), 64, 3).quantities
    assert not request_for(Look(), 10**6, 3).clusters


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "128 tokens on the sphere S²"),
        ({"dimension": 2}, "128 tokens on the circle S¹"),
        ({"dimension": 385}, "128 tokens on the sphere S³⁸⁴"),
        ({"space": "flat"}, "128 tokens in R³"),
        ({"space": "centred"}, "128 tokens on the centred sphere S¹"),
        ({"tokens": 1}, "1 token on the sphere S²"),
        ({"tokens": 20000}, "20,000 tokens on the sphere S²"),
        ({"title": "Anything"}, "Anything"),
    ],
)
def test_a_run_without_a_title_has_a_description(changes, words):
    assert title(edit(Scenario(), changes)) == words


def test_the_numbers_are_those_of_the_frame():
    frame = a_frame(1.0)
    names = [name for name, _, _ in numbers(frame)]
    assert names == ["t", "F̂", "clusters"]
    assert numbers(frame)[0][1] == "1.00"
    assert numbers(frame)[1][1] == f"{frame.measures['f_hat']:.4f}"


@pytest.mark.parametrize(
    ("law", "name"), [("bracket", "E"), ("linear", "alignment"), ("gat", "E")]
)
def test_the_energy_of_a_law_without_beta_has_its_name(law, name):
    flat = {"tokens": 12, "space": "flat", "dynamics": law}
    frame = Simulation(edit(Scenario(), flat), "numpy").frame()
    assert [name for name, _, _ in numbers(frame)] == ["t", name, "clusters"]


def test_percentages_below_100_are_not_rounded_up_to_it():
    assert [percent(v) for v in (0.371, 0.999, 1.0, 0.001)] == [
        "37 %",
        "over 99 %",
        "100 %",
        "under 1 %",
    ]


# Very many tokens


def test_an_even_sample_of_very_many_tokens_is_drawn_and_noted():
    frame = a_frame(tokens=900)
    frame = following(frame, frame)
    builder, look = SceneBuilder(DARK), Look(colour="speed")
    whole = builder.build(frame, look)
    colours = builder.info.colours
    assert len(whole.points) == builder.info.drawn == 900
    builder.max_tokens = 100
    assert len(builder.build(frame, look).points) == 100
    picture = builder.build(frame, look, chosen=(5,))
    (arcs,) = token_arcs(frame, (5,), look.attention)
    even = np.linspace(0, 899, 100).round().astype(int)
    some = np.union1d(even, [5, *arcs.ends])  # with all that it has arcs to
    assert len(picture.points) == builder.info.drawn == len(some)
    assert (picture.points == whole.points[some]).all()
    assert np.flatnonzero(picture.chosen).tolist() == [np.searchsorted(some, 5)]
    assert picture.arcs is not None
    assert builder.info.cluster_ids.shape == builder.info.numbers.shape == (900,)
    assert builder.info.colours[some] == pytest.approx(colours[some], abs=1e-6)
    assert (builder.info.cluster_ids[np.setdiff1d(np.arange(900), some)] == LONE).all()
    assert f"{len(some)} of 900 tokens drawn" in scene_notes(frame, look, builder.info)


def test_all_nodes_of_a_graph_are_drawn():
    frame = a_frame(dynamics="bracket", tokens=34)
    builder = SceneBuilder(DARK)
    builder.max_tokens = 10
    assert len(builder.build(frame, Look()).points) == len(frame.x)


# On another thread


def test_a_needed_scene_is_built_though_a_newer_frame_comes_first():
    frames = [a_frame(t) for t in (0.0, 0.5, 1.0)]
    directing = BuildQueue(SceneBuilder(DARK))
    for frame in frames[:2]:
        directing.need(frame)
    order = directing.order(frames[2], Look(), (3,))
    assert not [*directing.built()]
    picture = order()
    built = [*directing.built()]
    assert [info.frame for info in built] == frames
    assert picture.points is built[-1].points
    assert built[-1].chosen == (3,)
    assert not [*directing.built()]


def test_a_needed_scene_that_is_shown_is_built_once():
    directing, frame = BuildQueue(SceneBuilder(DARK)), a_frame()
    directing.need(frame)
    directing.order(frame, Look(), ())()
    assert [info.frame for info in directing.built()] == [frame]


def test_scene_info_does_not_change_when_the_next_scene_is_built():
    builder, look = SceneBuilder(DARK), Look(colour="speed")
    builder.build(a_frame(), look)
    info = builder.info
    before = info.colours.copy(), info.points.copy(), info.cluster_ids.copy()
    builder.build(a_frame(2.0), look)
    assert builder.info is not info
    after = info.colours, info.points, info.cluster_ids
    for old, new in zip(before, after, strict=True):
        assert np.array_equal(old, new)
