"""Text to search terms: what the word index and the hashed embedding see of a sentence.

Latin words are lower-cased, cut at the apostrophe, cleared of stop words and lightly stemmed. Runs of
Chinese, Japanese or Korean characters, which have no spaces, become overlapping pairs plus, at a lower
weight, the single characters that carry meaning.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from engine.conversation.characters import CJK

_LATIN = rf"[^\W_{CJK}]"
_RUN = re.compile(rf"[{CJK}]+|{_LATIN}+(?:['’]{_LATIN}+)?")
_CJK_CHAR = re.compile(rf"[{CJK}]")
_SENTENCE = re.compile(r"[^.!?。！？…\n]+[.!?。！？…\n]*")
_OPENS_QUESTION = re.compile(
    r"(what|when|where|which|who|whose|why|how|do|does|did|is|are|was|were|can|could|will|would|have|has)\b"
)
_ASKS_BEFORE = re.compile(
    r"\b(before|used to|previous(ly)?|former(ly)?|earlier|old|once)\b|以前|之前|过去|原来|从前|曾经|以往",
    re.IGNORECASE,
)

SINGLE_WEIGHT = 0.6
"""Weight of one CJK character beside a pair of them (MADial-Bench zh: rec@10 .466 without, .491 with)."""

_STOP = frozenset(
    """a about again ain all also am an and any are aren as at be been being both but by can could couldn d
    did didn do does doesn doing don done down each few for from had hadn has hasn have haven having
    he her here him his how i if in into is isn it its just ll m me might mine more most must my
    no nor not of on or other our out over own re s same shall she should shouldn so some such t
    than that the their them then there these they this those to too up us ve very was wasn we were
    weren what when where which who whom whose why will with won would wouldn you your yours""".split()
)
_STOP_CHARS = frozenset(
    "的了是我你他她它们在有和就都也很不吗呢吧啊呀哦嗯这那个说会要能去来好真还又太什么怎样时候让被把给对得地着过上下一"
)


def fold(text: str) -> str:
    """One form for all spellings of the same characters: NFKC, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Removes plural, -ing, -ed, -ly and the vowel they leave in doubt: hiking, hikes, hiked -> hik."""
    if len(word) <= 3:
        return word
    if word.endswith("sses"):
        word = word[:-2]
    elif word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ingly", "edly", "ing", "ed"):
        body = word.removesuffix(ending)
        if body != word and len(body) >= 3 and any(vowel in body for vowel in "aeiouy"):
            word = body[:-1] if body[-1] == body[-2] and body[-1] not in "lsz" else body
            break
    if word.endswith("ly") and len(word) > 5:
        word = word[:-2]
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    if word.endswith("y") and len(word) > 3:
        word = word[:-1] + "i"
    return word


def latin_stems_and_cjk_runs(text: str) -> tuple[list[str], list[str]]:
    """The two raw materials: stems of the words that matter, and unbroken runs of CJK characters."""
    stems: list[str] = []
    runs: list[str] = []
    for run in _RUN.findall(fold(text)):
        if _CJK_CHAR.match(run):
            runs.append(run)
            continue
        word = re.split("['’]", run)[0]
        if word not in _STOP:
            stems.append(stem(word))
    return stems, runs


def cjk_terms(run: str) -> list[tuple[str, float]]:
    """Pairs (weight 1) and telling single characters of one run."""
    pairs = [(run[i : i + 2], 1.0) for i in range(len(run) - 1)]
    return pairs + [(char, SINGLE_WEIGHT) for char in run if char not in _STOP_CHARS]


def terms(text: str) -> dict[str, float]:
    """Search terms of `text` with their weighted counts."""
    stems, runs = latin_stems_and_cjk_runs(text)
    counts: Counter[str] = Counter()
    for word in stems:
        counts[word] += 1
    found: dict[str, float] = dict(counts)
    for run in runs:
        for term, weight in cjk_terms(run):
            found[term] = found.get(term, 0.0) + weight
    return found


def asks_before(query: str) -> bool:
    """True for a question about how things were."""
    return _ASKS_BEFORE.search(query) is not None


def question_share(text: str) -> float:
    """0..1: how much of `text` asks instead of telling, by characters of its sentences."""
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(text)]
    total = sum(map(len, sentences))
    return sum(len(sentence) for sentence in sentences if _asks(sentence)) / total if total else 0.0


def _asks(sentence: str) -> bool:
    body = sentence.rstrip(".!?。！？…")
    end = sentence[len(body) :]
    if end:
        return "?" in end or "？" in end
    # A recogniser without punctuation leaves only the words to tell.
    return body.endswith(("吗", "呢")) or bool(_OPENS_QUESTION.match(body.lower()))
