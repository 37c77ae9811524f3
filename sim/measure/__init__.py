"""What observables are computed from: a probe of a state, clusters, cosines, spectra.

May import attention and spaces, and what is below them; never an observable or a law.
"""
