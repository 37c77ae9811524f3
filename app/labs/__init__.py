"""The page of labs: what a lab computes, drawn, beside its settings.

May import `app.panel`, `app.tables` and what is below them.
"""
