"""The user's words turned around: `my sister` told by the user is `your sister` told to the user.

English voice input comes without capitals, so what is said back is tidied too: `I`, the first letter, the
names of days, months, countries and tongues, and whatever follows a word such as `called`.
"""

from __future__ import annotations

import re

_TURNED = {
    "i'm": "you're",
    "im": "you're",
    "i am": "you are",
    "i was": "you were",
    "was i": "were you",
    "i wasn't": "you weren't",
    "i'm not": "you're not",
    "am i": "are you",
    "i've": "you've",
    "i'll": "you'll",
    "i'd": "you'd",
    "i": "you",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
    "we": "you",
    "we're": "you're",
    "we've": "you've",
    "we'll": "you'll",
    "you're": "I'm",
    "you are": "I am",
    "us": "you",
    "our": "your",
    "ours": "yours",
    "you": "me",
    "your": "my",
}
# Case is that of ASCII: else the Turkish İ would count as an i, whose lower case is two characters.
_ENGLISH = re.compile(r"\b(?ai:" + "|".join(sorted(_TURNED, key=len, reverse=True)) + r")\b(?!')")
_CHINESE = re.compile("咱们?|俺|我|你|您")

_PROPER = (
    "monday tuesday wednesday thursday friday saturday sunday january february april june july august "
    "september october november december christmas easter halloween english french german spanish italian "
    "portuguese russian chinese mandarin cantonese japanese korean arabic hindi bengali turkish dutch "
    "swedish norwegian danish finnish greek hebrew thai vietnamese indonesian ukrainian czech hungarian "
    "irish scottish welsh american canadian australian british european african asian mexican brazilian "
    "indian america canada mexico brazil argentina chile peru england scotland wales ireland britain "
    "france germany spain italy portugal switzerland austria belgium netherlands poland sweden norway "
    "denmark finland iceland greece russia ukraine india china japan korea thailand vietnam malaysia "
    "singapore indonesia australia egypt morocco kenya nigeria israel iran iraq pakistan europe africa "
    "asia london paris berlin rome madrid barcelona lisbon vienna prague amsterdam brussels dublin oslo "
    "stockholm helsinki copenhagen moscow tokyo kyoto osaka beijing shanghai shenzhen guangzhou chengdu "
    "taipei seoul sydney melbourne toronto vancouver montreal boston chicago seattle texas california "
    "florida mozart beethoven toyota honda tesla bmw"
).split()
_NAMES = re.compile(r"\b(?:" + "|".join(_PROPER) + r")\b", re.IGNORECASE)
_NAMED = re.compile(
    r"\b((?:called|named|name is|name's|calls? (?:me|you|him|her|it)) )([a-z])", re.IGNORECASE
)
_RELATIVE = re.compile(
    r"\b((?:mother|mom|mum|father|dad|brother|sister|son|daughter|wife|husband|girlfriend|boyfriend|partner|"
    r"friend|uncle|aunt|cousin|boss|dog|cat) )"
    r"(?!(?:who|also|and|just|now|only|still|always|never|really)\b)"
    r"([a-z])(?=[a-z]* (?:is|was|works|lives|has|likes|loves|hates|studies|plays|wants|moved|died|had)\b)"
)
_SPRING = re.compile(
    r"\b(?:may|march)(?= (?:the )?(?:\d|first|second|third|fourth|fifth|\w+th\b|twenty|thirty))"
    r"|(?<=\bof )(?:may|march)\b|(?<=\bin )(?:may|march)\b",
    re.IGNORECASE,
)
_LONE_I = re.compile(r"\bi\b(?=$|[\s',.!?])")
_SMALL = {
    "of",
    "the",
    "and",
    "in",
    "on",
    "de",
    "la",
    "le",
    "du",
    "da",
    "del",
    "der",
    "von",
    "van",
    "at",
    "for",
}


def to_second_person(text: str, language: str) -> str:
    """`text` with speaker and listener swapped (`I` -> `you`, 我 -> 你)."""
    if language == "zh":
        return _CHINESE.sub(lambda match: "我" if match[0] in "你您" else "你", text)
    return _ENGLISH.sub(
        lambda match: _TURNED[match[0].lower()], text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    )


def tidy(text: str, language: str) -> str:
    """A sentence as it is written: capitals where voice input has none. Chinese is returned as it is."""
    return text if language == "zh" else upper_first(with_capitals(text))


def with_capitals(text: str) -> str:
    """English with `I` and the names that can be told from the words alone in capitals."""
    text = _LONE_I.sub("I", text)
    text = _NAMES.sub(lambda match: match[0][0].upper() + match[0][1:], text)
    text = _SPRING.sub(lambda match: match[0].capitalize(), text)
    text = _RELATIVE.sub(lambda match: match[1] + match[2].upper(), text)
    return _NAMED.sub(lambda match: match[1] + match[2].upper(), text)


def as_name(text: str) -> str:
    """A person's or a place's name with capitals (`new york` -> `New York`).

    Mixed case is kept, and so are descriptions (`a small village`)."""
    if text != text.lower() or re.match(r"(?:an?|my|our)\b", text):
        return text
    words = text.removeprefix("the ").split(" ")
    lead = "the " if text.startswith("the ") else ""
    return lead + " ".join(w if w in _SMALL and n else upper_first(w) for n, w in enumerate(words))


def upper_first(text: str) -> str:
    """`text` with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """`text` to be continued in mid-sentence: `You live` -> `you live`."""
    lower = text[:1].lower()
    return lower + text[1:] if len(lower) == 1 else text
