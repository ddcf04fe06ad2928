"""A Live2D model of the user's own, made safe to load.

The Live2D core ends the process on nearly every bad file, so nothing of the user's ever reaches it as it is.
`opening.open_model` reads the files a model3.json names (source, reading), each parsed into what it may hold
(formats, motions, physics, moc, texture), gives the model's expressions, motions, hit areas and parameters
the names the companion knows (bindings, guessing, binding), writes everything anew into a cache (writing) and
lets a child process load it first (trial). What does not pass is refused with the reason.
"""
