"""The drawings of Rio, one module a part of the body. Each offers PIECES, back to front."""
