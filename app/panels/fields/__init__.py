"""Fields of the settings panel: one a kind of value."""
