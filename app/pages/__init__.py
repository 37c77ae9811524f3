"""What is opened to be read: gallery, help, keys."""
