"""Main of the bundle's `companion-engine`."""

import multiprocessing
import sys

from engine.cli import main

multiprocessing.freeze_support()  # the bench starts its host by it
sys.exit(main())
