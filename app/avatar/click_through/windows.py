"""Windows: the window takes clicks while the pointer is on the avatar. Never run yet, only type-checked."""

from __future__ import annotations

import ctypes
import sys

from app.avatar.outline import Outline, inside

_EXTENDED_STYLE = -20  # GWL_EXSTYLE
_CLICKS_PASS = 0x20 | 0x80000  # WS_EX_TRANSPARENT, which counts only together with WS_EX_LAYERED


class Windows:
    def __init__(self) -> None:
        self._window = 0
        self._shape: Outline = ()
        self._applied: tuple[int, bool] | None = None

    def set_outline(self, window: int, shape: Outline) -> None:
        self._window, self._shape = window, shape

    def set_pointer(self, x: float, y: float) -> None:
        window, passes = self._window, not inside(self._shape, x, y)
        if sys.platform == "win32" and self._applied != (window, passes):
            user32 = ctypes.WinDLL("user32")
            get, put = user32.GetWindowLongPtrW, user32.SetWindowLongPtrW
            get.argtypes, get.restype = [ctypes.c_void_p, ctypes.c_int], ctypes.c_ssize_t
            put.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_ssize_t]
            put.restype = ctypes.c_ssize_t
            style = get(window, _EXTENDED_STYLE)
            put(window, _EXTENDED_STYLE, style | _CLICKS_PASS if passes else style & ~_CLICKS_PASS)
            self._applied = window, passes

    def blends(self) -> bool:
        return True

    def close(self) -> None:
        pass
