"""Windows: what lets clicks pass through a window. Never run yet, only type-checked."""

from __future__ import annotations

import ctypes
import sys

_EXTENDED_STYLE = -20  # GWL_EXSTYLE
_CLICKS_PASS = 0x20 | 0x80000  # WS_EX_TRANSPARENT, which counts only together with WS_EX_LAYERED


def let_pass(window: int, passes: bool) -> None:
    """Makes the window take all clicks or none."""
    if sys.platform == "win32":
        user32 = ctypes.WinDLL("user32")
        get, put = user32.GetWindowLongPtrW, user32.SetWindowLongPtrW
        get.argtypes, get.restype = [ctypes.c_void_p, ctypes.c_int], ctypes.c_ssize_t
        put.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_ssize_t]
        put.restype = ctypes.c_ssize_t
        style = get(window, _EXTENDED_STYLE)
        put(window, _EXTENDED_STYLE, style | _CLICKS_PASS if passes else style & ~_CLICKS_PASS)
