"""Pages to read: gallery, help and keys.

May import `app.document`, `app.actions` and `app.theme`.
"""
