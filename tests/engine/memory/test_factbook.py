from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PeerFault
from engine.memory.database import Database
from engine.memory.factbook import CARD_SLOTS, Factbook
from engine.memory.facts import FactDraft
from engine.memory.record import Record


class Told:
    """A factbook whose user says one sentence after another."""

    def __init__(self, path: Path, profile: str = "default") -> None:
        self.database = Database(path)
        self.record = Record(self.database, profile)
        self.facts = Factbook(self.database, self.record.profile_id)
        self._turns = 0

    def say(
        self, slot: str, value: str, *, single: bool = True, text: str = "", retracts: bool = False
    ) -> int:
        self._turns += 1
        turn_id = self.record.add_turn(
            session="s",
            turn=self._turns,
            at_ms=1000 * self._turns,
            text=text or f"my {slot} is {value}",
            language="en",
            source="typed",
            emotion="",
        )
        draft = FactDraft(
            slot=slot,
            value=value,
            sentence=f"Your {slot} is {value}.",
            evidence=text or f"my {slot} is {value}",
            single=single,
            retracts=retracts,
        )
        with self.database.transaction():
            self.facts.learn(draft, self.record.turns([turn_id])[0])
        return turn_id

    def current(self, slot: str) -> list[str]:
        rows = self.facts.newest(None, -1)
        return [row["value"] for row in rows if row["slot"] == slot and row["valid_to"] is None]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    told = Told(tmp_path / "record.sqlite3")
    yield told
    told.database.close()


def test_a_single_slot_is_superseded_and_the_old_value_kept(told: Told) -> None:
    told.say("home", "Rome")
    told.say("home", "Paris")
    assert told.current("home") == ["Paris"]
    paris, rome = told.facts.newest(None, 10)
    assert (rome["value"], rome["valid_from"], rome["valid_to"]) == ("Rome", 1000, 2000)
    assert rome["superseded_by"] == paris["id"]
    assert [row["value"] for row in told.facts.card()] == ["Paris"]


def test_values_of_a_multiple_slot_gather_and_are_not_on_the_card(told: Told) -> None:
    told.say("likes", "tea", single=False)
    told.say("likes", "jazz", single=False)
    assert told.current("likes") == ["jazz", "tea"]
    assert told.facts.card() == []


def test_what_is_taken_back_closes_every_fact_it_is_about(told: Told) -> None:
    for text in ("You have a cat called Luna.", "Your cat's name is Luna.", "You have cattle."):
        told.say("pet", text, single=False, text=text)
    told.say("pet", "cat", text="my cat died", retracts=True)
    assert told.current("pet") == ["You have cattle."]
    told.say("pet", "", text="I have no pets", retracts=True)
    assert told.current("pet") == []
    assert all(row["closed_by"] for row in told.facts.newest(None, 10))


def test_a_turn_is_outdated_when_nothing_it_told_holds(told: Told) -> None:
    rome = told.say("home", "Rome")
    both = told.say("home", "Paris")
    told.say("likes", "tea", single=False)
    assert told.facts.outdated([rome, both]) == {rome}
    told.say("home", "Oslo")
    assert told.facts.outdated([rome, both]) == {rome, both}
    assert told.facts.outdated([]) == set()


def test_the_contrary_closes_what_was_liked(told: Told) -> None:
    told.say("music", "jazz", single=False)
    told.say("likes", "blue cheese", single=False)
    told.say("dislikes", "jazz", single=False)
    told.say("dislikes", "cheese", single=False)
    assert told.current("music") == []
    assert told.current("likes") == ["blue cheese"]
    told.say("likes", "jazz", single=False)
    assert told.current("dislikes") == ["cheese"]


def test_the_same_value_in_another_spelling_is_one_fact_with_two_sources(told: Told) -> None:
    turns = [told.say("likes", value, single=False) for value in ("Green Tea", "green  TEA")]
    (fact,) = told.facts.newest(None, 10)
    assert fact["value"] == "Green Tea"
    assert fact["turn_ids"] == ",".join(map(str, turns))


def test_coming_back_to_an_old_value_is_a_new_fact(told: Told) -> None:
    for place in ("Rome", "Paris", "Rome"):
        told.say("home", place)
    assert told.current("home") == ["Rome"]
    assert len(told.facts.newest(None, 10)) == 3


def test_a_value_taken_back_no_longer_holds(told: Told) -> None:
    told.say("likes", "fish", single=False)
    told.say("likes", "tea", single=False)
    told.say("likes", "FISH", single=False, retracts=True)
    assert told.current("likes") == ["tea"]
    told.say("likes", "milk", single=False, retracts=True)
    assert told.current("likes") == ["tea"]
    told.say("likes", "fish", single=False)
    assert told.current("likes") == ["fish", "tea"]


@pytest.mark.parametrize(
    ("value", "text"),
    [("Paris", "my home is Rome"), ("", "my home is Rome"), ("Par is", "my home is Paris")],
)
def test_a_value_that_was_not_said_is_dropped(told: Told, value: str, text: str) -> None:
    told.say("home", value, text=text)
    assert told.facts.newest(None, 10) == []


def test_evidence_that_was_not_said_is_dropped(told: Told) -> None:
    turn = told.record.turns([told.say("home", "Rome")])[0]
    draft = FactDraft(slot="home", value="Paris", sentence="x", evidence="I live in Paris", single=True)
    with told.database.transaction():
        assert told.facts.learn(draft, turn) == []


def test_deleting_what_ended_a_fact_makes_it_hold_again(told: Told) -> None:
    told.say("home", "Rome")
    told.say("home", "Paris")
    taken_back = told.say("home", "Paris", retracts=True)
    assert told.current("home") == []
    told.record.delete_turn(taken_back)
    assert told.current("home") == ["Paris"]
    told.facts.delete(told.facts.newest(None, 1)[0]["id"])
    assert told.current("home") == ["Rome"]


def test_the_card_is_bounded_and_newest_first(told: Told) -> None:
    for number in range(CARD_SLOTS + 5):
        told.say(f"slot{number}", f"value{number}")
    values = [row["value"] for row in told.facts.card()]
    assert values == [f"value{number}" for number in range(CARD_SLOTS + 4, 4, -1)]


def test_notes_and_pins(told: Told) -> None:
    turn = told.say("likes", "tea", single=False)
    with told.database.transaction():
        note = told.facts.add_note("Call me at noon", 5000, turn)
    assert [row["text"] for row in told.facts.pinned()] == ["Call me at noon"]
    assert told.facts.get(f"note:{note}")["turn_ids"] == str(turn)
    told.facts.set_pinned(note, False)
    assert told.facts.pinned() == []


@pytest.mark.parametrize(
    ("reworded", "value"),
    [
        ("Your home is Lyon.", "Lyon"),
        ("You live in Rome, near the river.", "Rome"),
        ("Lyon, these days", "Lyon, these days"),
    ],
)
def test_the_value_follows_a_reworded_sentence(told: Told, reworded: str, value: str) -> None:
    told.say("home", "Rome")
    (fact,) = told.facts.newest(None, 1)
    told.facts.set_text(fact, reworded)
    assert [row["value"] for row in told.facts.card()] == [value]
    told.say("home", value)
    assert len(told.facts.newest(None, 10)) == 1


@pytest.mark.parametrize("item", ["fact:99", "note:1", "fact:", "fact:1; DROP TABLE memories", "cat", ""])
def test_what_is_not_there_is_told(told: Told, item: str) -> None:
    told.say("home", "Rome")
    with pytest.raises(PeerFault) as caught:
        told.facts.get(item)
    assert caught.value.code == "unknown-memory"


def test_profiles_do_not_see_each_other(tmp_path: Path) -> None:
    mine, theirs = Told(tmp_path / "r.sqlite3", "mine"), Told(tmp_path / "r.sqlite3", "theirs")
    mine.say("home", "Rome")
    theirs.say("home", "Oslo")
    assert mine.current("home") == ["Rome"]
    assert theirs.current("home") == ["Oslo"]
    assert [len(book.facts.some([1, 2])) for book in (mine, theirs)] == [1, 1]
    mine.database.close()
    theirs.database.close()


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["rome", "Paris", "OSLO", "rome "]), st.booleans()), min_size=1, max_size=12
)


@settings(deadline=None, max_examples=30)
@given(ACTIONS)
def test_at_most_one_value_of_a_single_slot_holds(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, bool]]
) -> None:
    told = Told(tmp_path_factory.mktemp("facts") / "r.sqlite3")
    holds: str | None = None
    for value, retracts in actions:
        told.say("home", value, retracts=retracts)
        name = value.strip().lower()
        if not retracts:
            holds = name
        elif holds == name:
            holds = None
        assert [current.strip().lower() for current in told.current("home")] == ([holds] if holds else [])
    told.database.close()
