"""When a key is held: down, up, and what X11 makes of a key that stays down. Pure; times are seconds.

X11 repeats a held key as a release and a press, milliseconds apart. So a release counts only once RELEASE_S
have passed without another press.
"""

from __future__ import annotations

RELEASE_S = 0.03


class Hold:
    """One key."""

    def __init__(self) -> None:
        self.held = False
        self.due: float | None = None
        """When the key counts as released, if it is not pressed again before."""

    def down(self, now: float) -> bool:
        """The key was pressed; True when it begins to be held."""
        let_go = self.let_go(now)
        begins, self.held, self.due = not self.held or let_go, True, None
        return begins

    def up(self, now: float) -> None:
        """The key was released, or repeated: that shows at `due`."""
        if self.held and self.due is None:
            self.due = now + RELEASE_S

    def let_go(self, now: float) -> bool:
        """True when the key is held no more."""
        if self.due is None or now < self.due:
            return False
        self.held, self.due = False, None
        return True
