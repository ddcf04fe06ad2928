"""macOS: the window takes clicks while the pointer is on the avatar. Never run yet, only type-checked."""

from __future__ import annotations

import ctypes

from app.avatar.outline import Outline, inside


class MacOS:
    def __init__(self) -> None:
        self._objc = ctypes.CDLL("/usr/lib/libobjc.dylib")
        self._objc.sel_registerName.argtypes = [ctypes.c_char_p]
        self._objc.sel_registerName.restype = ctypes.c_void_p
        self._window = 0
        self._shape: Outline = ()
        self._applied: tuple[int, bool] | None = None

    def set_outline(self, window: int, shape: Outline) -> None:
        self._window, self._shape = window, shape

    def set_pointer(self, x: float, y: float) -> None:
        window, passes = self._window, not inside(self._shape, x, y)
        if self._applied == (window, passes):
            return
        # objc_msgSend is called by the type of the method it calls; Qt's window is an NSView.
        get = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
        put = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_bool)
        of_view = get(("objc_msgSend", self._objc))(window, self._objc.sel_registerName(b"window"))
        ignore = self._objc.sel_registerName(b"setIgnoresMouseEvents:")
        put(("objc_msgSend", self._objc))(of_view, ignore, passes)
        self._applied = window, passes

    def blends(self) -> bool:
        return True

    def close(self) -> None:
        pass
