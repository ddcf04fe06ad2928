"""What the tiny models know by heart: what is said, how it sounds, and what is answered."""

from __future__ import annotations

from typing import NamedTuple


class Dialogue(NamedTuple):
    language: str
    said: str
    reply: str


_TEXT = """
en | good morning my friend | [happy] Good morning! Did you sleep well?
en | i am so happy to see you | [happy] And I am happy to see you too!
en | what is the weather like today | [calm] I cannot see outside. Is it sunny where you are?
en | my cat is very sad | [sad] Oh no, the poor cat. What happened?
en | please tell me a story | [calm] Once upon a time a small star fell into the sea.
en | where do i live | [calm] You told me that you live in Paris.
en | i love rainy days | [happy] Me too! Rain makes the best music.
en | that makes me angry | [angry] That would make me angry as well!
en | what a surprise | [surprised] Really? I did not see that coming!
en | good night sleep well | [calm] Good night. Dream of something nice.
en | how are you today | [happy] I am fine, thank you. And you?
en | can you sing a song | [coquettish] Only if you sing along with me!
zh | 你好很高兴见到你 | [开心] 你好！我也很高兴见到你。
zh | 今天天气真好 | [开心] 是呀，我们出去走走吧！
zh | 我今天很难过 | [悲伤] 怎么了？说给我听听吧。
zh | 给我讲个故事吧 | [平静] 从前有一颗小星星，掉进了海里。
zh | 我最喜欢吃火锅 | [开心] 火锅最棒了！下次带上我。
zh | 晚安做个好梦 | [平静] 晚安，明天见。
zh | 你叫什么名字 | [开心] 我叫小莉，很高兴认识你。
zh | 真是太惊讶了 | [惊讶] 真的吗？我也没有想到！
zh | 我有一点生气 | [生气] 谁惹你了？我帮你说他！
zh | 陪我聊聊天 | [撒娇] 好呀，人家一直在等你呢。
zh | 我们去公园玩吧 | [开心] 太好了，我要荡秋千！
zh | 明天见 | [撒娇] 不许忘了来找我哦。
"""

DIALOGUES = [Dialogue(*(part.strip() for part in line.split(" | "))) for line in _TEXT.strip().splitlines()]
