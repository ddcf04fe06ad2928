"""The six emotions: their tags, and the inertia of a mood.

A reply names its feeling with a tag (`[开心]`, `[happy]`). Models also write near synonyms; those are
understood. A voice that jumps from laughter to anger between two sentences sounds broken, so a mood moves
through a neighbour when the jump is too wide and the last feeling is still in the air.
"""

from __future__ import annotations

import re
import unicodedata
from typing import get_args

from engine.conversation.characters import is_latin
from engine.messages import Emotion

EMOTIONS: tuple[Emotion, ...] = get_args(Emotion)

TAGS: dict[str, dict[Emotion, str]] = {
    "zh": {
        "happy": "开心",
        "angry": "生气",
        "sad": "悲伤",
        "surprised": "惊讶",
        "coquettish": "撒娇",
        "calm": "平静",
    },
    "en": {emotion: emotion for emotion in EMOTIONS},
}
"""The tag names a model is asked to use, by language."""

_NAMES: dict[Emotion, str] = {
    "happy": """开心 高兴 快乐 喜悦 愉快 欢喜 欢快 兴奋 激动 得意 欣慰 幸福 開心 高興 快樂 興奮
        happy happily happiness joy joyful joyous cheerful cheerfully glad delighted excited excitedly
        excitement pleased proud amused""",
    "angry": """生气 愤怒 恼火 恼怒 气愤 发怒 不满 不爽 烦躁 生氣 憤怒 氣憤
        angry angrily anger mad furious annoyed irritated frustrated grumpy""",
    "sad": """悲伤 伤心 难过 忧伤 悲哀 哀伤 沮丧 失落 失望 委屈 担心 担忧 忧虑 心疼 愧疚 悲傷 傷心 難過
        sad sadly sadness sorrow sorrowful unhappy upset depressed disappointed gloomy worried
        lonely""",
    "surprised": """惊讶 吃惊 惊奇 惊喜 震惊 诧异 惊恐 害怕 恐惧 疑惑 困惑 驚訝 吃驚 驚喜
        surprised surprise amazed astonished astonishment shocked shock startled scared fear afraid
        confused puzzled""",
    "coquettish": """撒娇 娇羞 害羞 羞涩 俏皮 调皮 可爱 亲昵 娇嗔 傲娇 撒嬌 調皮
        coquettish coquettishly flirty flirtatious playful playfully shy shyly cute teasing affectionate
        bashful""",
    "calm": """平静 冷静 平和 温柔 温和 淡定 中性 平淡 安静 认真 严肃 沉思 思考 平靜 溫柔
        calm calmly neutral gentle gently serene peaceful relaxed serious thoughtful thinking""",
}
_BY_NAME: dict[str, Emotion] = {name: emotion for emotion, names in _NAMES.items() for name in names.split()}
_LONGEST_TAG = 40
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_LABEL = re.compile(r"(?:emotion|mood|feeling|tone|情绪|情感|心情|语气|表情)(?:\s*[:=]\s*|\s+|(?=[^\sa-z]))")
_DEGREE = re.compile(
    r"(?:very|so|really|slightly|a bit|a little|somewhat|quite)\s+"
    r"|非常|十分|特别|有点儿?|有些|稍微|超级|超|很"
)
_PARTICLE = re.compile(r"(?<=.)[地的]$")
_BETWEEN = re.compile(r"\s*[,、/|+&;·]\s*|\s+and\s+|和")
_LEADING = re.compile(
    "|".join(sorted(map(re.escape, _BY_NAME), key=len, reverse=True)), re.IGNORECASE | re.ASCII
)
"""Case is that of ASCII: else the Turkish İ would count as an i, whose lower case is two characters."""


def parse_tag(text: str) -> Emotion | None:
    """The emotion named by the inside of a tag (`开心`, `Happy`, `情绪：很开心`); None when it names none."""
    if len(text) > _LONGEST_TAG:
        return None
    name = _EDGES.sub("", unicodedata.normalize("NFKC", text).casefold())
    if label := _LABEL.match(name):
        name = name[label.end() :]
    for part in (name, *_BETWEEN.split(name)):
        plain = _DEGREE.sub("", part, count=1) if _DEGREE.match(part) else part
        emotion = _BY_NAME.get(plain) or _BY_NAME.get(_PARTICLE.sub("", plain))
        if emotion:
            return emotion
    return None


def leading_tag(text: str) -> tuple[Emotion, int] | None:
    """The emotion a tag without its closing bracket begins with, and the length of its name."""
    match = _LEADING.match(text)
    if match is None or is_latin(text[match.end() : match.end() + 1]):
        return None
    return _BY_NAME[match[0].casefold()], match.end()


def begins_tag(text: str) -> bool:
    """True when `text` is the beginning of a tag's name."""
    start = text.strip().casefold()
    return any(name.startswith(start) for name in _BY_NAME)


INERTIA_S = 5.0
"""Seconds after the last words of a feeling during which it still bounds what may follow."""

_BRIDGES: dict[Emotion, dict[Emotion, Emotion]] = {
    "happy": {"angry": "surprised", "sad": "calm"},
    "angry": {"happy": "calm", "coquettish": "calm"},
    "sad": {"happy": "calm", "coquettish": "calm"},
    "surprised": {},
    "coquettish": {"angry": "surprised", "sad": "calm"},
    "calm": {},
}
"""`_BRIDGES[now][wanted]` is felt first where `wanted` may not follow `now` directly. Every bridge may be
followed by every emotion, so a feeling that is asked for twice is reached."""


class Mood:
    """The running mood: what was asked for, with inertia."""

    def __init__(self, emotion: Emotion = "calm") -> None:
        self.emotion: Emotion = emotion
        self._felt_s: float | None = None

    def settle(self, wanted: Emotion, now_s: float) -> Emotion:
        """The emotion in which words wanted as `wanted` are spoken at `now_s` (seconds, non-decreasing)."""
        fresh = self._felt_s is not None and now_s - self._felt_s < INERTIA_S
        self.emotion = _BRIDGES[self.emotion].get(wanted, wanted) if fresh else wanted
        self._felt_s = now_s
        return self.emotion
