import re

import pytest

from engine.memory.fact_rules import fact_rules


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_files_know_the_same_kinds_of_facts(language):
    slots = {fact.slot for fact in fact_rules(language).facts}
    others = {fact.slot for fact in fact_rules("en").facts}
    assert {slot for slot in slots ^ others if not slot.startswith("favourite_")} == set()
    assert {"name", "home", "pet", "allergy", "plan", "favourite_{noun}", "email"} <= slots


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_pattern_names_its_value(language):
    for fact in fact_rules(language).facts:
        for pattern in (*fact.patterns, *fact.retract):
            assert "v" in pattern.groupindex, pattern.pattern
            assert pattern.flags & re.IGNORECASE


@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_slot_is_single_or_gathers_but_not_both(language):
    single: dict[str, bool] = {}
    for fact in fact_rules(language).facts:
        assert single.setdefault(fact.slot, fact.single) == fact.single


def test_a_kind_trims_and_judges_its_values():
    home = next(fact for fact in fact_rules("en").facts if fact.slot == "home")
    assert home.trimmed("paris since june") == "paris"
    assert home.accepts("paris")
    assert not home.accepts("the moment")
    assert not home.accepts("3")
