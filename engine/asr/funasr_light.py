"""Parts of FunASR without all of it: `import funasr` imports every model it has, which takes thirteen seconds
where ours take some four (two cores)."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from typing import Any

from engine.errors import EnvironmentFault


def import_part(name: str) -> Any:
    """The module `funasr.<name>`. Raises EnvironmentFault `funasr-missing`."""
    try:
        if "funasr" not in sys.modules:
            spec = importlib.util.find_spec("funasr")
            if spec is None or not spec.submodule_search_locations:
                raise ImportError("No module named 'funasr'")
            package = types.ModuleType("funasr")
            package.__path__ = list(spec.submodule_search_locations)
            package.__spec__ = spec
            sys.modules["funasr"] = package
        return importlib.import_module(f"funasr.{name}")
    except (ImportError, OSError) as error:
        raise EnvironmentFault(
            "funasr-missing", f"FunASR is not installed ({error}): run `bootstrap.py setup --with models`."
        ) from error
