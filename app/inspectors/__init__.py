"""Pages below the curves: attention, spectra, modes, cosines and checks.

May import widgets, annotations, `app.scene`, `app.document` and `app.theme`.
"""
