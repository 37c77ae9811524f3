"""The widgets that draw the scene, and turn it by mouse and keys.

May import widgets, annotations, `app.gl`, `app.scene`, `app.document` and `app.theme`.
"""
