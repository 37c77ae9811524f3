"""What several tests start from: reference files, velocities, every part by name."""

import numpy as np

from helpers.paths import DATA
from sim.scenario import Scenario
from sim.seed import Seed
from sim.settings.knobs import put, walk
from sim.settings.serialise import family
from sim.spaces.sphere import Sphere
from sim.state import State

FILES = {"file", "spin"}  # need a file or d = 3, and have tests of their own

# Integrators bare of what hides their order: error control, noise.
BARE = {"adaptive": {"rtol": 0.1, "atol": 0.1}, "maruyama": {"temperature": 0.0}}


def bare(cls):
    """Return the integrator of class `cls` that takes every step as it is asked."""
    return cls(**BARE.get(cls.kind, {}))


def reference(name):
    """Return the arrays of a reference file; tests/data/README.md says their origin."""
    with np.load(DATA / f"{name}.npz", allow_pickle=False) as file:
        return {key: file[key] for key in file.files}


def law(kind="softmax", **settings):
    """Return a law by kind and settings, ``heads__count=2`` standing for a path."""
    from sim.scenario import edit

    changes = {f"dynamics.{k.replace('__', '.')}": v for k, v in settings.items()}
    return edit(Scenario(), {"dynamics": kind, **changes}).dynamics


def table(matrix):
    """Return a matrix as the knob of `GivenMatrices` wants it."""
    return tuple(tuple(float(v) for v in row) for row in matrix)


def state(x, t=0.0):
    """Return the state of tokens alone."""
    return State(t, x, x[..., :0, :])


def velocity(law, x, space=None):
    """Return the velocity of tokens (..., n, d) under `law` on `space`."""
    space = space or Sphere()
    s = state(x)
    field = law.bind(x, Seed(0))
    return space.project_velocity(s, field.velocity(s)).x


def sphere(rng, *shape):
    """Return uniform points of the sphere: (..., n, d)."""
    x = rng.normal(size=shape)
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def placed(x, tmp_path, **changes):
    """Return a scenario that starts from the tokens `x`: (n, d)."""
    from sim.scenario import edit

    path = tmp_path / "tokens.npy"
    np.save(path, x)
    start = {
        "initial": "file",
        "initial.path": str(path),
        "initial.centre": False,
    }
    return edit(Scenario(), {**start, **changes})


def every_part(base):
    """Yield ``(path, kind, scenario)`` for every part that can stand in `base`."""
    for path, owner, name in list(walk(base)):
        kinds = family(owner, name)
        for kind, cls in kinds.kinds().items() if kinds else ():
            if kind not in FILES:
                yield path, kind, put(base, path, cls())


class Silent:
    """An engine that does nothing."""

    def retune(self, scenario):
        pass

    def set_speed(self, speed):
        pass

    def reset(self):
        pass
