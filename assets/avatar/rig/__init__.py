"""How the drawings move: deformers and keyforms, one module a part of the body."""
