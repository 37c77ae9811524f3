"""Small widgets and helpers that several rooms of widgets use, and the abstract view.

May import annotations, `app.scene`, `app.document` and `app.theme`.
"""
