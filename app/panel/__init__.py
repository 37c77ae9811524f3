"""The settings panel, made from the settings."""
