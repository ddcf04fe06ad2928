"""A Live2D model described in plain data (model), checked (check) and written as a .moc3 file (write)."""
