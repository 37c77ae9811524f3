"""The formula of the law in force, large, and copies of it.

May import `app.canvas` and what is below it.
"""
