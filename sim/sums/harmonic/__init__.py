"""Sums of tokens on a circle or sphere by harmonics: tables, kernels, two passes.

May import `sim.sums` and `sim.jit`.
"""
