from engine.conversation.prompt import Line, Persona, ProfileSlot, Prompt, Recollection
from engine.llm.knowledge import MAX_QUOTE, Known, Matcher, known, retold
from engine.llm.rulebook import recall_rules

PERSONA = Persona(name="Rio", language="en", character="A friend.")
HOME = ProfileSlot("home", "Paris", "You live in Paris.", "2026-03-01")


def prompt(**parts) -> Prompt:
    return Prompt(persona=PERSONA, user_text="where do i live", language="en", **parts)


def test_facts_come_first_and_nothing_comes_twice():
    items = known(
        prompt(
            profile=(HOME,),
            notes=("Buy milk.",),
            recollections=(
                Recollection("turn", "I live in Paris. Do you? It rains.", "2026-03-01"),
                Recollection("fact", "You like jazz.", "2026-03-01", slot="likes", value="jazz"),
                Recollection("turn", "It rains.", "2026-03-02"),
            ),
            history=(Line("user", "it is late"), Line("companion", "Go to bed."), Line("user", "who knows?")),
        )
    )
    assert [item.text for item in items] == [
        "You live in Paris.", "You like jazz.", "Buy milk.", "I live in Paris.", "It rains.", "it is late"
    ]  # fmt: skip
    assert [item.is_fact for item in items[:3]] == [True, True, False]


def test_a_long_turn_is_cut():
    (item,) = known(prompt(recollections=(Recollection("turn", "la " * 900, ""),)))
    assert len(item.text) == MAX_QUOTE


def test_facts_are_found_again_in_the_users_own_words():
    items = known(prompt(recollections=(Recollection("turn", "I live in Rome.", "2026-03-01"),)))
    assert [(fact.slot, fact.value) for fact in retold(items, [])] == [("home", "Rome")]


def test_facts_found_again_are_not_those_that_hold_no_longer():
    told = [
        Known("I have a cat called Luna.", "2026-03-01"),
        Known("I live in Rome.", "2026-03-01"),
        Known("My cat died.", "2026-03-02"),
    ]
    former = [Known("You live in Rome, until 2026-03-02.", "2026-03-01", "home", "Rome", former=True)]
    assert [fact.slot for fact in retold(told, [])] == ["home"]
    assert retold(told, former) == []
    assert [fact.slot for fact in retold(told[:2], [])] == ["pet", "home"]


def test_shared_words_and_concepts_count_and_generic_words_hardly():
    matcher = Matcher("what is the name of my puppy", recall_rules("en"))
    assert matcher.score("Your dog is called Rex.") >= 1
    assert matcher.score("Your name is Alice.") == 0
    generic = Matcher("what is my favourite thing", recall_rules("en"))
    assert 0 < generic.score("Your favourite colour is red.") < 1


def test_somebody_else_is_not_the_user():
    matcher = Matcher("where does my sister live", recall_rules("en"))
    assert matcher.score("You live in Paris.") == 0
    assert matcher.score("Your sister lives in Rome.") >= 1
    assert Matcher("我妹妹住在哪里", recall_rules("zh")).score("你住在成都。") == 0


def test_the_best_comes_first():
    matcher = Matcher("what is my boat called", recall_rules("en"))
    turns = ("my train was late", "i have a boat called molly")
    items = known(prompt(recollections=tuple(Recollection("turn", text, "") for text in turns)))
    assert matcher.best(items)[0][1].text == "i have a boat called molly"
