"""Videos, pictures and tables: asked for here, made in another process."""
