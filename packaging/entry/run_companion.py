"""Main of the bundle's `companion`, the program of the double-click."""

import os
import sys
from pathlib import Path

# A program without a console has no standard streams on Windows; whoever reads or prints meets an empty file.
for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
    if getattr(sys, name) is None:
        setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115

from app.__main__ import main  # noqa: E402

sys.exit(main())
