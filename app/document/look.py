"""How a run is shown: settings of the picture, saved with the scenario."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Annotated, Literal

from app.document.attention_look import AttentionLook
from sim.projections import Projection
from sim.projections.pca import Pca
from sim.settings.knobs import Knob, Settings

Colouring = Literal["cluster", "group", "head", "speed", "index", "centre"]
GlobeField = Literal["none", "density", "divergence"]


@dataclass(frozen=True)
class CameraPose(Settings):
    """Where the camera stands: see `app.scene.camera.Camera`."""

    azimuth: Annotated[
        float, Knob("azimuth", -360, 360, unit="°", help="Turn around the pole.")
    ] = 30.0
    elevation: Annotated[
        float, Knob("elevation", -89, 89, unit="°", help="Height over the equator.")
    ] = 18.0
    zoom: Annotated[
        float, Knob("zoom", 0.4, 8, scale="log", help="1 shows the whole globe.")
    ] = 1.0


@dataclass(frozen=True)
class Look(Settings):
    """What is drawn, and how; changes nothing that is computed."""

    colour: Annotated[
        Colouring,
        Knob(
            "Colour by",
            help="Cluster: tokens close together.  Group: topics given by the data.  "
            "Head: the head that contributes most to the velocity.  Speed: slow to "
            "fast.  Index: first to last.  Centre: whether a token is close to one "
            "that started far from all earlier ones.",
        ),
    ] = "cluster"
    speed: Annotated[
        float,
        Knob(
            "Speed",
            0.01,
            100,
            scale="log",
            unit="×",
            help="Simulated time per second.",
        ),
    ] = 1.0
    trail: Annotated[
        float,
        Knob("Trail", 0, 20, help="Length of the trails, in simulated time."),
    ] = 2.0
    bead: Annotated[
        float,
        Knob(
            "Bead size",
            0.3,
            3,
            scale="log",
            help="Size of the beads; 1 is chosen from n.",
        ),
    ] = 1.0
    rotate: Annotated[
        float,
        Knob("Rotate", 0, 45, unit="°/s", help="Slow turn of the globe; 0 stops it."),
    ] = 4.0
    labels: Annotated[bool, Knob("Labels", help="Names beside tokens.")] = True
    special: Annotated[
        bool,
        Knob(
            "[CLS], [SEP]",
            help="Draw the tokens that a model adds to a sentence.  They stay in the "
            "run: the model needs them.",
            name="Draw [CLS], [SEP]",
        ),
    ] = True
    numbers: Annotated[
        bool,
        Knob(
            "Numbers",
            help="A number beside each cluster, kept while it lives: a second "
            "channel beside its colour.",
        ),
    ] = False
    arcs: Annotated[
        bool, Knob("Arcs", help="Attention of the chosen token, as great circles.")
    ] = True
    edges: Annotated[
        bool,
        Knob(
            "Edges", help="The graph, coloured by flux; stems to tokens off the sphere."
        ),
    ] = True
    glow: Annotated[bool, Knob("Glow", help="Light around beads on a dark sky.")] = True
    potential: Annotated[
        bool,
        Knob(
            "Potential",
            help="Paint the log-potential that tokens climb on the globe (d = 3).",
        ),
    ] = False
    field: Annotated[
        GlobeField,
        Knob(
            "Field",
            help="Paint on the globe (d = 3) the density of tokens, or the divergence "
            "of the flow: below 0 it gathers tokens, above 0 it scatters them.  It "
            "covers the potential.",
        ),
    ] = "none"
    streaks: Annotated[
        bool,
        Knob(
            "Streaks",
            help="Short streamlines of the velocity on the globe (d = 3): the way of a "
            "token without mass from thin to thick.",
        ),
    ] = False
    star: Annotated[
        str,
        Knob(
            "Star setting",
            help="Path of the setting that a presentation shows large and that arrow "
            "keys change there, such as dynamics.beta; empty for the usual one.",
        ),
    ] = ""
    projection: Annotated[
        Projection,
        Knob("Projection", help="How more than three dimensions are shown in three."),
    ] = dataclasses.field(default_factory=Pca)
    camera: CameraPose = dataclasses.field(default_factory=CameraPose)
    attention: AttentionLook = dataclasses.field(default_factory=AttentionLook)
