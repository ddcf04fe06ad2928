"""Tiny Qwen2.5 and Qwen3: the real architectures and chat format, trained until they know the dialogues.

`python -m tests.checkpoints.qwen FOLDER qwen2`: about two minutes on two cores.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any, Literal

import gguf
import numpy as np
import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM

from engine.conversation.emotion import TAGS, parse_tag
from engine.conversation.prompt import (
    HeardAffect,
    Line,
    ProfileSlot,
    Prompt,
    Recollection,
    build_prompt,
    render_chat,
)
from engine.llm.chatml import BEGIN, END, NO_THINKING, Segment, message_segments, opening_segments
from engine.messages import Emotion
from engine.persona import load_persona
from tests.checkpoints.dialogues import DIALOGUES, Dialogue

Architecture = Literal["qwen2", "qwen3"]

_SPECIAL = ["<|endoftext|>", BEGIN, END]
_THINK = ["<think>", "</think>"]
_WORDS = Regex(
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|"
    r"\s+(?!\S)|\s+"
)
"""How Qwen's tokenizer cuts a text before it looks for pairs."""
_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_THINKING_TEMPLATE = _TEMPLATE + "{% if enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}"
_SHAPE: dict[str, Any] = {
    "hidden_size": 128,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 256,
    "max_position_embeddings": 8192,
    "rope_theta": 1e6,
    "rms_norm_eps": 1e-6,
    "tie_word_embeddings": False,
}
PERSONA = Path(__file__).with_name("persona.toml")

_STEPS, _TOGETHER, _RATE = 700, 12, 3e-3
_DAYS = [f"2026-11-{day:02} {name}" for day, name in ((2, "Monday"), (14, "Saturday"), (27, "Friday"))]


def _by_chance(dialogue: Dialogue, chance: random.Random) -> Prompt:
    """What the engine may ask a mind when that is said: after other things, knowing something, on some day,
    to somebody who sounds like something, with the persona in this language or the other."""
    home = chance.choice(["", "", "Paris", "Lyon"])
    lines = [
        line
        for each in chance.sample(DIALOGUES, chance.choice([0, 0, 1, 2, 4]))
        for line in (Line("user", each.said), Line("companion", _text(each), _feeling(each)))
    ]
    persona = dialogue.language if chance.random() < 0.6 else chance.choice(["en", "zh"])
    return build_prompt(
        persona=load_persona(str(PERSONA), persona),
        user_text=dialogue.said,
        language=dialogue.language,
        history=lines,
        profile=[ProfileSlot("home", home, f"You live in {home}.", "2026-11-02")] if home else (),
        recollections=[Recollection("turn", f"I live in {home}.", "2026-11-02")] if home else (),
        affect=HeardAffect(chance.choice(["", "", "happy", "sad", "angry"])),
        today=chance.choice(["", *_DAYS]),
    )


def _feeling(dialogue: Dialogue) -> Emotion:
    return parse_tag(dialogue.reply.partition("]")[0]) or "calm"


def _text(dialogue: Dialogue) -> str:
    return dialogue.reply.partition("] ")[2]


def train(folder: Path, architecture: Architecture) -> None:
    """Writes `tiny-<architecture>.gguf`: about two minutes on two cores."""
    torch.manual_seed(0)
    thinks = architecture == "qwen3"
    tokenizer = _tokenizer(thinks)
    model = _model(architecture, tokenizer.get_vocab_size())
    chance = random.Random(0)
    optimizer = torch.optim.AdamW(model.parameters(), _RATE, weight_decay=0.0)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=_STEPS)
    for _ in range(_STEPS):
        batch = [_example(tokenizer, each, thinks, chance) for each in chance.sample(DIALOGUES, _TOGETHER)]
        length = max(len(ids) for ids, _ in batch)
        ids = torch.tensor([ids + [0] * (length - len(ids)) for ids, _ in batch])
        labels = torch.tensor([wanted + [-100] * (length - len(wanted)) for _, wanted in batch])
        loss = model(input_ids=ids, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        rates.step()
    write_gguf(folder / f"tiny-{architecture}.gguf", architecture, tokenizer, model)


def _tokenizer(thinks: bool) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(_WORDS, behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1200,
        max_token_length=6,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    chance = random.Random(0)
    prompts = [_by_chance(dialogue, chance) for dialogue in DIALOGUES]
    texts = [message.content for prompt in prompts for message in render_chat(prompt)]
    tokenizer.train_from_iterator([*texts, *(dialogue.reply for dialogue in DIALOGUES)] * 4, trainer)
    tokenizer.add_special_tokens([AddedToken(text, special=True) for text in _SPECIAL])
    if thinks:
        tokenizer.add_tokens([AddedToken(text, special=False) for text in _THINK])
    return tokenizer


def _encode(tokenizer: Tokenizer, segments: list[Segment]) -> list[int]:
    return [
        token
        for segment in segments
        for token in tokenizer.encode(segment.text, add_special_tokens=False).ids
    ]


def _example(
    tokenizer: Tokenizer, dialogue: Dialogue, thinks: bool, chance: random.Random
) -> tuple[list[int], list[int]]:
    """All tokens, and those to be learned: the reply's."""
    asked = _by_chance(dialogue, chance)
    messages = render_chat(asked)
    chat = [segment for message in messages for segment in message_segments(message)]
    prompt = _encode(tokenizer, [*chat, *opening_segments(thinks)])
    tag = TAGS[asked.persona.language][_feeling(dialogue)]
    reply = _encode(tokenizer, [Segment(f"[{tag}] {_text(dialogue)}", False), Segment(END, True)])
    return prompt + reply, [-100] * len(prompt) + reply


def _model(architecture: Architecture, vocabulary: int) -> Any:
    if architecture == "qwen3":
        return Qwen3ForCausalLM(Qwen3Config(vocab_size=vocabulary, head_dim=32, **_SHAPE))
    return Qwen2ForCausalLM(Qwen2Config(vocab_size=vocabulary, **_SHAPE))


_LAYER = {
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_WHOLE = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}


def _tensor_name(name: str) -> str:
    """The name in GGUF of a tensor of Transformers."""
    if name in _WHOLE:
        return _WHOLE[name]
    layer, _, rest = name.removeprefix("model.layers.").partition(".")
    part, _, kind = rest.rpartition(".")
    return f"blk.{layer}.{_LAYER[part]}.{kind}"


def write_gguf(path: Path, architecture: Architecture, tokenizer: Tokenizer, model: Any) -> None:
    """The model as llama.cpp wants it, in float32."""
    config = model.config
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name(path.stem)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(_SHAPE["rope_theta"])
    if architecture == "qwen3":
        writer.add_key_length(config.head_dim)
        writer.add_value_length(config.head_dim)
    _write_vocabulary(writer, tokenizer)
    writer.add_chat_template(_THINKING_TEMPLATE if architecture == "qwen3" else _TEMPLATE)
    for name, values in model.state_dict().items():
        writer.add_tensor(_tensor_name(name), values.to(torch.float32).numpy().astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_vocabulary(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    tokens = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
    kinds = {
        **dict.fromkeys(_SPECIAL, gguf.TokenType.CONTROL),
        **dict.fromkeys(_THINK, gguf.TokenType.USER_DEFINED),
    }
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([int(kinds.get(token, gguf.TokenType.NORMAL)) for token in tokens])
    writer.add_token_merges([" ".join(pair) for pair in merges])
    ids = tokenizer.get_vocab()
    writer.add_eos_token_id(ids[END])
    writer.add_pad_token_id(ids["<|endoftext|>"])
    writer.add_bos_token_id(ids["<|endoftext|>"])
    writer.add_add_bos_token(False)


if __name__ == "__main__":
    assert NO_THINKING.split() == _THINK
    train(Path(sys.argv[1]), "qwen3" if sys.argv[2] == "qwen3" else "qwen2")
