"""Pages to read: gallery, help and keys.

May import `app.document`, `app.widgets`, `app.actions` and `app.theme`.
"""
