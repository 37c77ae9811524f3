"""The settings panel, made from the settings.

May import widgets, annotations, `app.document` and `app.theme`.
"""
