"""Runs a backend inline or in a worker process, behind one async interface.

Theory of operation, from the backend up:

    backend.py     what a backend is: plain synchronous code, one generator a call
    runner.py      drives one backend on one thread; speaks frames. Used by both variants
    frames.py      the frames and their encoding, sans-I/O
    inline.py      a host: the runner on an owner thread of this process, frames as objects
    worker.py      main of a worker process: the runner on its main thread, frames over its pipes
    process.py     a host: starts, feeds, watches and kills one worker process
    host.py        what the two hosts have in common
    supervisor.py  keeps one loaded host: restarts it, gives up after repeated failures
    call.py        one call as its client sees it: outputs, feed, deadlines, cancel
    lane.py        serves calls one at a time, first come first served
    hosted.py      HostedBackend: the public face

Both directions of a call are windowed: a sender stops after so many items the receiver has not yet taken
(`Took` gives one back), so memory stays bounded whoever is slow, while cancel overtakes everything.
"""
