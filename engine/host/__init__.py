"""The engine served to other programs and machines: who may come in, and how."""
