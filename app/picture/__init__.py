"""The picture: what a frame looks like, and the words on it."""
