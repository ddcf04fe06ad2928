"""What the names in a model probably mean, in English or Chinese; and what an expression looks like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from app.avatar.opening.bindings import EMOTIONS, MOTIONS, PARAMETERS, Bindings, Names
from app.avatar.opening.formats import Change, Expression

_EMOTION_WORDS = {
    "happy": "happy happiness joy joyful smile laugh laughing glad fun delight 开心 高兴 快乐 喜 笑",
    "angry": "angry anger mad rage 生气 愤怒 怒",
    "sad": "sad sadness cry crying tear tears sorrow 悲 难过 伤心 哭 哀",
    "surprised": "surprised surprise shock shocked astonished 惊",
    "coquettish": "coquettish shy blush love wink flirt tease 害羞 脸红 撒娇 羞 爱",
    "calm": "calm neutral normal default relaxed 平静 默认 普通 普",
}
_MOTION_WORDS = {
    "Idle": "idle wait waiting stand standing home 待机 闲置 站立",
    "Greeting": "greeting greet hello hi wave welcome login 你好 招呼 问候 欢迎",
    "Listening": "listening listen hear 听",
    "Thinking": "thinking think ponder 思考 想",
    "Sleep": "sleep sleeping asleep 睡",
    "TouchHead": "head hair face taphead touchhead flickhead 头 脸",
    "TouchHand": "hand hands arm 手",
    "TouchBody": "body bust chest tapbody touchbody tap touch 身体 胸",
    **{emotion.capitalize(): words for emotion, words in _EMOTION_WORDS.items()},
}
_AREA_WORDS = {
    "Head": "head face hair 头 脸",
    "Body": "body bust chest 身体 胸",
    "HandL": "handl lhand lefthand armleft armgl 左手",
    "HandR": "handr rhand righthand armright 右手",
}
_OTHER_IDS = {"paramtere": "ParamCheek", "paramarml": "ParamArmLA", "paramarmr": "ParamArmRA"}
"""Of Cubism 2, where the id is more than written differently."""
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def guess(names: Names, expressions: Mapping[str, Expression]) -> Bindings:
    """The bindings that the names suggest; what they do not suggest is left out."""
    parameters = _parameters(names.parameters)
    by_name = {emotion: _first(words, names.expressions) for emotion, words in _EMOTION_WORDS.items()}
    bound = {emotion: name for emotion, name in by_name.items() if name is not None}
    standard = {own: known for known, own in parameters.items()}
    for name in names.expressions:
        emotion = _by_look(expressions[name], standard)
        if name not in bound.values() and emotion is not None:
            bound.setdefault(emotion, name)
    areas = {area: _first(words, names.areas) for area, words in _AREA_WORDS.items()}
    return Bindings(
        expressions={emotion: bound[emotion] for emotion in EMOTIONS if emotion in bound},
        motions=_motions(names),
        areas={area: name for area, name in areas.items() if name is not None},
        parameters=parameters,
    )


def _says(name: str, words: str) -> bool:
    """Whether one of the words is in the name: an English one as a word, a Chinese one anywhere."""
    tokens = [token.lower() for token in _TOKEN.findall(name)]
    tokens.append("".join(tokens))
    return any(word in tokens if word.isascii() else word in name for word in words.split())


def _first(words: str, names: Iterable[str]) -> str | None:
    return next((name for name in names if _says(name, words)), None)


def _motions(names: Names) -> dict[str, list[str]]:
    """For each of MOTIONS the groups so named, else the single files; each goes where it fits first."""
    free = {name: name for name in names.groups} | {file: _stem(file) for file in names.motion_files}
    found: dict[str, list[str]] = {}
    for what, words in _MOTION_WORDS.items():
        fitting = [name for name, said in free.items() if _says(said, words)]
        chosen = [name for name in fitting if name in names.groups] or fitting
        for name in chosen:
            del free[name]
        if chosen:
            found[what] = chosen
    return {what: found[what] for what in MOTIONS if what in found}


def _stem(file: str) -> str:
    return PurePosixPath(file.replace("\\", "/")).name.split(".")[0]


def _parameters(ids: Iterable[str]) -> dict[str, str]:
    """Standard ids that the model writes differently: PARAM_ANGLE_X."""
    taken = set(ids)
    plain = {known.lower(): known for known in PARAMETERS} | _OTHER_IDS
    found: dict[str, str] = {}
    for own in ids:
        known = plain.get(own.replace("_", "").lower())
        if known is not None and known not in taken:
            found.setdefault(known, own)
    return found


def _by_look(expression: Expression, standard: Mapping[str, str]) -> str | None:
    """The emotion of a face, by what it does with eyes, brows and mouth."""
    if not expression.parameters:
        return "calm"
    moved = {standard.get(change.id, change.id): change for change in expression.parameters}

    def most(*ids: str) -> float:
        """The strongest change of these parameters, from what they are at rest."""
        return max((_moved(moved[name]) for name in ids if name in moved), key=abs, default=0.0)

    mouth = most("ParamMouthForm")
    brows = most("ParamBrowLAngle", "ParamBrowRAngle", "ParamBrowLForm", "ParamBrowRForm")
    if most("ParamEyeLOpen", "ParamEyeROpen") > 0.05:
        return "surprised"
    if most("ParamCheek") > 0.7:
        return "coquettish"
    if brows < -0.3 and mouth <= 0:
        return "angry"
    if mouth < -0.3:
        return "sad"
    if mouth > 0.3 or most("ParamEyeLSmile", "ParamEyeRSmile") > 0.3:
        return "happy"
    return None


def _moved(change: Change) -> float:
    """How far from rest; eyes are at rest at 1, which is what all that is multiplied is taken to be."""
    if change.blend == "Multiply" or (change.blend == "Overwrite" and change.id.lower().endswith("open")):
        return change.value - 1
    return change.value
