from __future__ import annotations

from engine.memory.word_index import WordIndex


def found(index: WordIndex, query: str) -> list[str]:
    return [item for item, _ in index.search(query, 10)]


def talk() -> WordIndex:
    index = WordIndex()
    index.add_turn("turn:1", "s", "I adopted a cat", "2024-05-01")
    index.set_reply("turn:1", "Is the kitten called Momo?")
    index.add_turn("turn:2", "t", "Rain all day", "2024-06-02")
    index.add_memory("fact:1", "You have a cat.", "pet")
    return index


def test_a_turn_is_found_by_its_words_its_reply_and_its_day() -> None:
    index = talk()
    assert found(index, "kitten") == ["turn:1"]
    assert found(index, "what happened in May?") == ["turn:1"]
    assert found(index, "六月怎么样")[0] == "turn:2"
    assert "turn:2" in index
    assert "turn:3" not in index


def test_a_fact_is_found_by_what_its_slot_is_asked_for_with() -> None:
    assert found(talk(), "any pets?") == ["fact:1"]
    assert found(talk(), "我有什么宠物") == ["fact:1"]


def test_what_is_dropped_is_not_found_nor_its_reply() -> None:
    index = talk()
    index.drop("turn:1")
    assert found(index, "cat kitten") == ["fact:1"]
    assert "turn:1" not in index


def test_new_words_replace_the_old() -> None:
    index = talk()
    index.set_turn("turn:2", "Snow all day", "2024-06-02")
    index.set_memory("fact:1", "You have a dog.", "pet")
    assert found(index, "rain") == []
    assert found(index, "snow") == ["turn:2"]
    assert found(index, "dog") == ["fact:1"]


def test_best_first_within_the_limit_and_nothing_for_no_words() -> None:
    index = talk()
    assert len(index.search("cat", 1)) == 1
    scores = [score for _, score in index.search("cat Momo rain", 10)]
    assert scores == sorted(scores, reverse=True)
    assert found(index, "what is the of") == []
