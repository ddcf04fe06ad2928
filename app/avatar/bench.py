"""Measures what a frame of the avatar costs, at the size it has on the desktop."""

from __future__ import annotations

import argparse
import random
import time

import numpy as np

from app.avatar.actor import Actor
from app.avatar.description import describe
from app.avatar.sheet import EMOTIONS
from app.avatar.studio import add_model_option, drawing
from app.avatar.vowels import SHAPES

_SIZE = (420, 546)
_FRAMES = 300
_WARM_UP = 60
_STEP_S = 1 / 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The model."""
    add_model_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Acts and speaks for 10 seconds of the avatar's time, as fast as it goes; prints the cost, returns 0."""
    with drawing(arguments.model) as path:
        from app.avatar.live2d_setup import live2d
        from app.avatar.live_model import LiveModel, ranges
        from app.avatar.renderer import AvatarView

        actor = Actor(describe(path, ranges(path)), random.Random(0))
        view = AvatarView(path, actor.step)
        view.resize(*_SIZE)
        view.grabFramebuffer()  # makes the context
        view.makeCurrent()
        finish = view.context().functions().glFinish
        model = LiveModel(path)
        model.resize(*_SIZE)
        shapes = list(SHAPES.values())
        frames = []
        for frame in range(_WARM_UP + _FRAMES):
            if frame % 90 == 0:
                actor.feel(EMOTIONS[frame // 90 % len(EMOTIONS)])
            actor.mouth(shapes[frame // 4 % len(shapes)])
            started = time.perf_counter()
            model.pose(actor.step(_STEP_S), _STEP_S)
            posed = time.perf_counter()
            live2d.clearBuffer(0.0, 0.0, 0.0, 0.0)
            model.draw()
            finish()
            frames.append((time.perf_counter() - started, posed - started))
        del model
        view.doneCurrent()
        view.dispose()
    whole, python = 1000 * np.array(frames[_WARM_UP:]).T
    print(f"{_FRAMES} frames of {_SIZE[0]}x{_SIZE[1]}, milliseconds")
    for name, times in (("whole frame", whole), ("of it Python (acting and posing)", python)):
        print(f"{name:34} p50 {np.percentile(times, 50):6.2f}   p95 {np.percentile(times, 95):6.2f}")
    return 0
