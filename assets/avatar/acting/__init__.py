"""What Rio does: expressions, motions, and the swing of her hair."""
