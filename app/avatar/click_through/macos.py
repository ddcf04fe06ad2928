"""macOS: what lets clicks pass through a window. Never run yet, only type-checked."""

from __future__ import annotations

import ctypes


def let_pass(window: int, passes: bool) -> None:
    """Makes the window take all clicks or none."""
    objc = ctypes.CDLL("/usr/lib/libobjc.dylib")
    objc.sel_registerName.argtypes = [ctypes.c_char_p]
    objc.sel_registerName.restype = ctypes.c_void_p
    # objc_msgSend is called by the type of the method it calls; Qt's window is an NSView.
    get = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    put = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_bool)
    of_view = get(("objc_msgSend", objc))(window, objc.sel_registerName(b"window"))
    put(("objc_msgSend", objc))(of_view, objc.sel_registerName(b"setIgnoresMouseEvents:"), passes)
