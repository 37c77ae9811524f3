"""Pages below the curves: attention, spectra, modes, cosines, checks.

Imports plots' widgets, document and theme below.
"""
