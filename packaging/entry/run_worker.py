"""Main of the bundle's `companion-worker` and `companion-voice`: runs the module it is told, like `-m`."""

import runpy
import sys

runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
