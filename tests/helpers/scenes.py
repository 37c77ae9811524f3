"""Scenes for views that need the clusters and colours of tokens."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from app.scene.scene_info import NO_SCENE, SceneInfo
from app.theme.palette import DARK, LONE, Theme, token_colours

if TYPE_CHECKING:
    from sim.frame import Frame


def scene_of(frame: Frame, clusters=None, theme: Theme = DARK) -> SceneInfo:
    """Return the scene of a frame whose tokens are in `clusters`, or in none."""
    if clusters is None:
        clusters = np.full(len(frame.x), LONE)
    colours = token_colours(theme, clusters)
    return dataclasses.replace(
        NO_SCENE, frame=frame, cluster_ids=clusters, colours=colours
    )


def show(view, frame: Frame, clusters=None) -> None:
    """Pass a frame and its scene to a view, as the window does."""
    view.show_frames((frame,))
    view.show_scenes((scene_of(frame, clusters),))
