"""What observables are computed from: one probe a state, clusters, cosines, spectra.

Imports the laws and the spaces below; knows no observable.
"""
