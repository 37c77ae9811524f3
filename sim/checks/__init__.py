"""Checks of a run in numbers, each with its bound: state, integrator, spectra.

Imports every room below the engine; the engine and the command line import it.
"""
