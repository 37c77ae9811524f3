"""What stands around the picture: bars, menus, messages."""
