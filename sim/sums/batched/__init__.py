"""Sums of many small runs at once: each lane of a vector is a run of its own.

May import `sim.jit` and `sim.sums`; never a method of summation.
"""
