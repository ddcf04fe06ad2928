"""The companion's body: what it does, and how it is drawn."""
