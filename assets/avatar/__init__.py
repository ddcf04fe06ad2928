"""Builds the companion's own Live2D model: its drawing, its rig and its acting, all from this code."""
