"""Numerical methods that several parts share: linear flows, activations, ODE solutions.

May import `sim.state`, `sim.arrays` and what is below them.
"""
