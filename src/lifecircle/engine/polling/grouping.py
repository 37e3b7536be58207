"""Open answers about the same, put together by the words that they share."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_NUMBER = re.compile(r"[0-9][0-9 -]{5,}[0-9xX]")
_RUN = re.compile(r"[a-z]+|[\u3400-\u9fff]+")
_PLAIN = re.compile(
    "多一点|希望|建议|增加|增设|加强|改善|提高|能够|可以|应该|需要|一个|一些|更多|我们|小区|社区|附近|没有|不够|太少|太多|比较|非常|但是|还是|"
    "多建|多设|想要|最好|目前|现在|觉得|感觉|就是|有点|问题|方便|暂无|[在太很的了和与也都是有要请吗吧把]"
)
"""Words that say nothing of what an answer is about: they part the others."""
_PLAIN_EN = re.compile(
    "add|an?|and|are|as|at|be|better|but|by|can|community|could|do|for|from|have|hope|i|in|is|its?|just|like|lot|many|"
    "more|my|near|nearby|needs?|no|none|nothing|not|of|on|or|our|please|should|so|some|than|that|the|their|there|this|"
    "to|too|us|very|want|we|with|would|you|your"
)
_LONGEST = 8


@dataclass(frozen=True, slots=True)
class Grouped:
    """Answers that share a phrase, which is their `topic`: positions of all, the shortest of them as an example.

    Those that share nothing with others have no topic.
    """

    topic: str
    example: str
    members: tuple[int, ...]


def grouped(texts: Sequence[str], *, least: int = 2) -> list[Grouped]:
    """Put answers together that share a phrase, the largest group first; those left over last, as one group.

    The phrase in most answers makes the first group (the longest of those in the same answers), the phrase in most of
    the others the second, and so on: a greedy cover. Chinese is taken by its letters, two to eight together, so that no
    dictionary is needed; English by words. Words such as 希望, "more", "the" make no group, nor do answers without words.

    Parameters
    ----------
    texts
        (answers,).
    least
        How many answers make a group.
    """
    holds: dict[str, set[int]] = defaultdict(set)
    said = []
    for k, text in enumerate(texts):
        phrases = set(_phrases(unicodedata.normalize("NFKC", text).lower()))
        if phrases:
            said.append(k)
        for phrase in phrases:
            holds[phrase].add(k)
    left, made = set(said), []
    holding = dict(holds)
    while holding:
        phrase = max(holding, key=lambda one: (len(holding[one]), len(one), one))
        members = set(holding[phrase])
        if len(members) < least:
            break
        made.append(_group(texts, phrase, members))
        left -= members
        holding = {one: rest for one, held in holding.items() if (rest := held - members)}
    if left:
        made.append(_group(texts, "", left))
    return made


def masked(text: str) -> str:
    """An answer without what looks like a telephone or an identity number."""
    return _NUMBER.sub("***", unicodedata.normalize("NFKC", text))


def _group(texts: Sequence[str], topic: str, members: set[int]) -> Grouped:
    ordered = sorted(members)
    example = min((texts[k].strip() for k in ordered), key=lambda text: (len(text), text))
    return Grouped(topic, masked(example), tuple(ordered))


def _phrases(text: str) -> Iterator[str]:
    words: list[str] = []
    for run in _RUN.findall(text):
        if run.isascii():
            words.append(run)
        else:
            for part in _PLAIN.split(run):
                yield from _letters(part)
    kept = [word for word in words if not _PLAIN_EN.fullmatch(word)]
    yield from (word for word in kept if len(word) > 2)
    yield from (f"{a} {b}" for a, b in pairwise(kept))


def _letters(part: str) -> Iterator[str]:
    for start in range(len(part)):
        for end in range(start + 2, min(start + _LONGEST, len(part)) + 1):
            yield part[start:end]
