"""Stage directions: `*waves*`, `(laughs softly)`, `（微笑）` are acted, not said.

Brackets and asterisks also hold real words ("Paris (France)", "*really*", "我去上班（坐地铁）"), so only
what reads as an action counts. To drop real words is worse than to speak a rare action: verbs that are
nouns as well ("waves", "points") count only where a sentence may begin.
"""

from __future__ import annotations

import re

from engine.conversation.characters import is_cjk

LONGEST = 80
"""Characters of the longest stage direction."""
_LONGEST_CJK = 24
_LONGEST_FACE = 12
_LONGEST_LETTER_FACE = 5

_ACTIONS = """
    laugh smile giggle sigh wink nod blush chuckle grin whisper blink yawn shrug gasp pout sniffle sob smirk
    hum tilt lean beam cackle snicker frown wince gulp hiccup sniff cough groan moan murmur mumble mutter
    squeal purr snuggle cuddle hug kiss bow curtsy clap twirl bounce stretch fidget stammer stutter pant
    shiver tremble weep cry cries gaze stare peek glance ponder hesitate kneel exhale inhale snort snore scoff
    facepalm
"""
_SOMETIMES_ACTIONS = """
    wave look point pause turn stand sit step move walk take think jump run touch hold reach raise lower play
    pat rub tap pull push shake put dance lift spin clear roll bite cover scratch close open make come go
    tuck hide twist brush poke nudge place offer rest wipe swing set grab squeeze wrap lick
"""


def _forms(words: str) -> str:
    """The third person and the -ing form of each verb."""
    forms: list[str] = []
    for verb in words.split():
        stem = verb.removesuffix("e") if not verb.endswith("ee") else verb
        doubled = verb + verb[-1]
        third = verb + "es" if verb.endswith(("s", "sh", "ch", "x", "ss")) else verb + "s"
        forms += [third, stem + "ing", doubled + "ing"]
    return "|".join(sorted(set(forms), key=len, reverse=True))


_ADVERBS = r"(?:(?:she|he|they|rio|softly|[a-z]{2,12}ly|a bit|still|then)\s+){0,2}"
_ENGLISH = re.compile(rf"{_ADVERBS}(?:{_forms(_ACTIONS)}|cries)(?![\w'’-])")
_ENGLISH_OPENING = re.compile(rf"{_ADVERBS}(?:{_forms(_SOMETIMES_ACTIONS)})(?![\w'’-])")
_FIRST_WORD_OPEN = re.compile(rf"{_ADVERBS}[\w'’-]*")

_HOW = (
    "轻轻|微微|偷偷|悄悄|默默|慢慢|缓缓|突然|忍不住|不好意思|开心|高兴|害羞|温柔|调皮|俏皮|得意|无奈|"
    "小声|低声|轻声|难过|生气|惊讶|认真|甜甜|甜美|羞涩|尴尬|兴奋"
)
_CHINESE = re.compile(
    rf"""(?:
      # unmistakable, with anything after it
      (?:(?:{_HOW})[地的]?)?
      (?: 点头|点了点头|摇头|摇了摇头|眨眼|眨眨眼|眨了眨眼|眨巴|歪着?头|歪了歪头|红着脸|脸红|挥手|挥了挥手
        | 招手|招了招手|拍手|鼓掌|叹气|叹了一?口?气|叹息|鞠躬|托腮|吐舌|吐了吐舌头|[嘟撅噘]着?嘴|打哈欠|伸懒腰
        | 清了清嗓子|低下?头|抬起?头|捂脸|捂着?嘴|皱着?眉|耸肩|轻咳|深呼吸|沉默|停顿|愣住|愣了|摸摸头|挠挠?头
        | 抱抱|抱住|抱紧|搂住|比心|蹦蹦跳跳
      ).{{0,14}}
      # a laugh
    | (?:(?:{_HOW})[地的]?)?
      (?:微|大|偷|坏|苦|傻|轻|憨|嘿嘿|咯咯|哈哈|噗嗤|扑哧|呵呵|嘻嘻)?一?笑(?:了?笑|嘻嘻|眯眯|着|了|起来|出声|一声)?
      (?:[着了地，、].{{0,14}})?
      # verbs that are also said, with a particle of aspect
    | (?:(?:{_HOW})[地的]?)?
      [看望拉拍摸揉凑靠转跳蹦蹭抱握牵伸捂哼咳哭捏戳盯坐站躺][了着起].{{0,14}}
      # words that stand alone
    | (?:{_HOW})?(?:撒娇|害羞|(?:小|低|轻)声[说道问]?|思考|想了想|哭|哽咽|抽泣|啜泣|哼歌)
      # an adverb says that something is done
    | (?:{_HOW})地.{{1,10}}
    )$""",
    re.VERBOSE,
)
_EMPHASISED = re.compile(
    r"(?!(?:\w*thing|always|perhaps|besides|yes|this|his|is|was|us|as|thanks|\w+ss)\b)[a-z]+(?:s|ing)\b"
)
_FACE = re.compile(r"[^\w\s][^\d\n]{0,10}|[TQoOxXuU;^>=-][_.wWo3A]{1,3}[TQoOxXuU;^<=-]")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9]{2}|[\u3400-\u9fff]")


def is_direction(content: str, *, opening: bool, emphasis: bool = False) -> bool:
    """True when the inside of brackets (or of asterisks: `emphasis`) is something done rather than said.

    `opening`: a sentence may begin here.
    """
    text = content.strip().rstrip(".~。～…!！ ")
    if not text or len(content) >= LONGEST:
        return False
    if is_cjk(text[0]):
        return len(content) < _LONGEST_CJK and _CHINESE.match(text) is not None
    lower = text.casefold()
    if _ENGLISH.match(lower) or (opening and _ENGLISH_OPENING.match(lower)):
        return True
    # Between asterisks, where a sentence may begin, role-players write any verb: "*tucks her hair back*".
    return emphasis and opening and _EMPHASISED.match(text) is not None


def may_be_direction(beginning: str, *, opening: bool, emphasis: bool = False) -> bool:
    """False as soon as no text that begins like this is a stage direction, a face, or a single word.

    So it is True for every beginning of what `is_direction` and `is_face` accept.
    """
    text = beginning.lstrip().casefold()
    if len(beginning) >= LONGEST:
        return False
    if not text or is_cjk(text[0]):
        return len(beginning) < _LONGEST_CJK
    if not text[0].isalpha():
        return len(beginning) < _LONGEST_FACE
    first = _FIRST_WORD_OPEN.match(text)
    if first is None or first.end() == len(text) or len(beginning) <= _LONGEST_LETTER_FACE:
        return True
    return is_direction(beginning, opening=opening, emphasis=emphasis)


def is_face(content: str) -> bool:
    """True for the inside of a face drawn with characters: `^_^`, `｡･ω･｡`, `T_T`."""
    if len(content) >= _LONGEST_FACE or _FACE.fullmatch(content) is None:
        return False
    return _PLAIN_WORD.search(content) is None
