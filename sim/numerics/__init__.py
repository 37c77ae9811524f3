"""Numerical methods that several parts share: linear flows, activations, ODE solutions.

May import `sim.state`, `sim.arrays`, `sim.jit` and what is below them; SciPy
inside functions only, since it loads slowly.
"""
