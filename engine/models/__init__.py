"""Model files: what there is, what fits, and what a file is before anything loads it."""
