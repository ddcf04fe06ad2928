"""What the user takes back is not claimed any more, and is not forgotten either."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.support.terminal import Companion

FORMER = ("Not any more", "has changed", "不是这样了", "已经变了")


@pytest.mark.parametrize(
    ("told", "taken_back", "asked", "value"),
    [
        ("I have a cat called Luna", "I no longer have a cat", "do I have a cat?", "Luna"),
        ("I have a cat called Luna", "my cat died last week", "what is the name of my cat?", "Luna"),
        ("I have a dog. His name is Rex.", "Rex passed away", "do I have any pets?", "Rex"),
        ("I work as a nurse at St Mary's", "I lost my job", "what do I do for a living?", "nurse"),
        ("I work at Google", "I quit my job yesterday", "where do I work?", "Google"),
        ("I live in Paris", "I don't live in Paris anymore", "where do I live?", "Paris"),
        ("I love jazz", "I don't like jazz anymore", "what do I like?", "jazz"),
        ("I love jazz", "I hate jazz", "what do I like?", "jazz"),
        ("我有一只叫小花的猫", "我已经没有猫了", "我有猫吗？", "小花"),
        ("我的猫叫小花", "我的猫上周去世了", "我的猫叫什么？", "小花"),
        ("我是一名老师", "我辞职了", "我做什么工作？", "老师"),
        ("我在谷歌上班", "我被裁员了", "我在哪里上班？", "谷歌"),
        ("我住在北京", "我搬离北京了", "我住在哪里？", "北京"),
        ("我喜欢爵士乐", "我不喜欢爵士乐了", "我喜欢什么？", "爵士乐"),
    ],
)
def test_what_is_taken_back_is_not_claimed(
    tmp_path: Path, told: str, taken_back: str, asked: str, value: str
) -> None:
    async def main() -> None:
        async with Companion(tmp_path) as companion:
            await companion.ask(told)
            assert value in await companion.ask(asked)
            await companion.ask(taken_back)
            answers = [await companion.ask(asked)]
        async with Companion(tmp_path) as companion:
            answers.append(await companion.ask(asked))
            assert companion.engine.memory
            facts = await companion.engine.memory.list_memories(before=None, limit=99)
        assert any(value in fact["text"] and fact["until"] for fact in facts), facts
        for said in answers:
            assert value not in said or any(words in said for words in FORMER), said

    asyncio.run(main())
