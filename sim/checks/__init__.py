"""Checks of a run in numbers, each with its bound: its state, integrator and spectra.

May import the simulation and everything below it.
"""
