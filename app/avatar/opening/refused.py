"""Why a model was not opened."""

from __future__ import annotations

from engine.errors import PeerFault


class ModelRefused(PeerFault):
    """The model will not be loaded; the avatar of before stays. `code` is one of:

    not-allowed        this build opens no models but its own
    no-model           there is no model3.json where the user pointed
    several-models     there is more than one
    old-model          it is of Cubism 2
    bad-archive        the zip file is damaged or not what it should be
    bad-path           a file lies outside the model's folder
    missing-file       a file that the model names is not there, or cannot be read
    too-large          something is larger than any real model
    bad-json           a JSON file is damaged or holds what it must not
    bad-moc            the moc3 file is damaged
    bad-texture        a texture is no PNG picture
    bad-bindings       avatar.toml is wrong
    crashes            a process that loaded the model died, or did not come to an end
    """
