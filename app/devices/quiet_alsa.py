"""Keeps ALSA and JACK from filling the terminal: PortAudio looks at every kind of device there might be, and
each that is not there writes lines to stderr which tell nobody anything."""

from __future__ import annotations
