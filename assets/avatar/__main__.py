"""`python -m assets.avatar OUTDIR` builds the model into a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from assets.avatar.build import build


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m assets.avatar", description="Builds Rio's Live2D model.")
    parser.add_argument("folder", type=Path, help="where to write it; made where it is missing")
    print(f"built {build(parser.parse_args().folder)}")


if __name__ == "__main__":
    main()
