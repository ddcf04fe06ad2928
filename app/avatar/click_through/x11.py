"""X11: the server itself keeps, for each window, the region that takes input.

Talks to the server over a connection of its own, through XCB: on Qt's connection an error (a window already
gone) would be reported as one of Qt's, and Xlib ends the process on any.
"""

from __future__ import annotations

import ctypes

from app.avatar.outline import Outline
from engine.errors import EnvironmentFault

_SET = 0
_INPUT = 2
_UNSORTED = 0


class _Rectangle(ctypes.Structure):
    _fields_ = (
        ("x", ctypes.c_int16),
        ("y", ctypes.c_int16),
        ("width", ctypes.c_uint16),
        ("height", ctypes.c_uint16),
    )


class _Cookie(ctypes.Structure):
    """Names a request whose answer is awaited."""

    _fields_ = (("sequence", ctypes.c_uint),)


class _Reply(ctypes.Structure):
    """The answers wanted here have one number after the head."""

    _fields_ = (("head", ctypes.c_uint8 * 8), ("value", ctypes.c_uint32))


class X11:
    """Raises EnvironmentFault if the server cannot be reached."""

    def __init__(self) -> None:
        self._xcb = _load("libxcb.so.1")
        self._shape = _load("libxcb-shape.so.0")
        self._free = ctypes.CDLL(None).free
        self._free.argtypes = [ctypes.c_void_p]
        self._declare()
        number = ctypes.c_int()
        self._connection = self._xcb.xcb_connect(None, ctypes.byref(number))
        if self._xcb.xcb_connection_has_error(self._connection):
            self.close()
            raise EnvironmentFault("no-display", "The X server that DISPLAY names cannot be reached.")
        name = f"_NET_WM_CM_S{number.value}".encode()
        self._compositor = self._answer(
            "xcb_intern_atom", ctypes.c_uint8(0), ctypes.c_uint16(len(name)), name
        )

    def set_outline(self, window: int, shape: Outline) -> None:
        # Never left out as already done: a window manager that puts the window into a frame copies the
        # region to the frame when it is set, but may ignore one set before (openbox 3.6.1 does).
        rectangles = (_Rectangle * len(shape))(*shape)
        cookie = self._shape.xcb_shape_rectangles_checked(
            self._connection, _SET, _INPUT, _UNSORTED, window, 0, 0, len(shape), rectangles
        )
        self._free(self._xcb.xcb_request_check(self._connection, cookie))  # the window may just have gone

    def set_pointer(self, x: float, y: float) -> None:
        pass

    def blends(self) -> bool:
        # EWMH: "A compositing manager MUST own the manager selection _NET_WM_CM_Sn".
        return self._answer("xcb_get_selection_owner", ctypes.c_uint32(self._compositor)) != 0

    def close(self) -> None:
        self._xcb.xcb_disconnect(self._connection)

    def _answer(self, request: str, *arguments: ctypes._SimpleCData[int] | bytes) -> int:
        """The number a request asks for; 0 if it fails."""
        cookie = getattr(self._xcb, request)(self._connection, *arguments)
        reply = getattr(self._xcb, f"{request}_reply")(self._connection, cookie, None)
        value = int(reply.contents.value) if reply else 0
        self._free(reply)
        return value

    def _declare(self) -> None:
        xcb, shape = self._xcb, self._shape
        xcb.xcb_connect.restype = ctypes.c_void_p
        xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
        xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
        xcb.xcb_request_check.argtypes = [ctypes.c_void_p, _Cookie]
        xcb.xcb_request_check.restype = ctypes.c_void_p
        xcb.xcb_intern_atom.argtypes = [ctypes.c_void_p, ctypes.c_uint8, ctypes.c_uint16, ctypes.c_char_p]
        xcb.xcb_get_selection_owner.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
        for request in ("xcb_intern_atom", "xcb_get_selection_owner"):
            getattr(xcb, request).restype = _Cookie
            reply = getattr(xcb, f"{request}_reply")
            reply.argtypes = [ctypes.c_void_p, _Cookie, ctypes.c_void_p]
            reply.restype = ctypes.POINTER(_Reply)
        shape.xcb_shape_rectangles_checked.argtypes = [
            ctypes.c_void_p,
            *[ctypes.c_uint8] * 3,
            ctypes.c_uint32,
            *[ctypes.c_int16] * 2,
            ctypes.c_uint32,
            ctypes.POINTER(_Rectangle),
        ]
        shape.xcb_shape_rectangles_checked.restype = _Cookie


def _load(name: str) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(name)
    except OSError as error:
        raise EnvironmentFault(
            "no-display", f"The system's library {name} is missing; install it."
        ) from error
