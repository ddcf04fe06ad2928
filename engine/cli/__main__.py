"""`python -m engine.cli` is `companion-engine`."""

import sys

from engine.cli import main

sys.exit(main())
