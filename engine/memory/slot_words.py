"""Words a fact is asked for with, which its sentence need not hold: "you have a cat" answers "any pets?"."""

from __future__ import annotations

SLOT_WORDS = {
    "address": "address street live 地址 住址 住 哪里",
    "age": "age old year 年龄 几岁 多大 岁",
    "allergy": "allergic allergy eat avoid 过敏 不能吃 忌口",
    "birthday": "birthday born date 生日 出生 几号",
    "diet": "diet eat food vegetarian 饮食 吃 吃素 忌口",
    "dislikes": "dislike hate stand not like 讨厌 不喜欢 受不了",
    "drink": "drink beverage 喝 饮料",
    "email": "email mail contact 邮箱 邮件",
    "family": "family relative parent sibling child children kids 家人 家里 亲人 父母 兄弟姐妹 孩子",
    "fear": "fear afraid scared frighten terrify phobia 怕 害怕 恐惧",
    "food": "food eat dish meal favourite 吃 食物 菜 美食 口味",
    "goal": "goal dream want wish achieve ambition 目标 梦想 想要 愿望",
    "health": "health ill illness sick disease condition problem doctor 健康 身体 生病 病",
    "hobby": "hobby interest free spare time weekend 爱好 兴趣 业余",
    "home": "home live city place 住 家 城市 哪里",
    "hometown": "hometown from born grew 家乡 老家 哪里人",
    "instrument": "instrument music play 乐器 弹 演奏",
    "job": "job work profession living do 工作 职业 做什么",
    "language_spoken": "language speak native tongue 语言 会说",
    "learning": "learn study 学 在学 学习",
    "likes": "like love enjoy into thing favourite 喜欢 爱 最爱",
    "music": "music song listen 音乐 歌 听",
    "name": "name called 名字 叫什么",
    "nationality": "nationality country from 国籍 哪国人 国家",
    "nickname": "nickname call name 外号 昵称 怎么称呼",
    "partner": "partner wife husband girlfriend boyfriend spouse 伴侣 老婆 老公 对象 女朋友 男朋友",
    "pet": "pet pets animal 宠物 动物 养",
    "phone": "phone number contact 电话 手机 号码",
    "plan": "plan going do coming upcoming 计划 打算 安排",
    "possession": "have own drive car vehicle 有 拥有 车 开",
    "routine": "routine usually habit every time morning wake 习惯 平时 每天 几点",
    "school": "school university study 学校 大学 上学",
    "sport": "sport exercise play 运动 锻炼",
    "status": "married single relationship 结婚 单身 感情",
    "study": "study major subject 专业 学什么",
    "surname": "surname last name family 姓 姓什么",
    "workplace": "work company employer office 公司 上班 单位",
}
"""For each slot, English and Chinese; a slot that is not here stands for itself."""


def slot_words(slot: str) -> str:
    """Search words of a slot: `favourite_book` is `favourite book`."""
    return SLOT_WORDS.get(slot, slot.replace("_", " "))
