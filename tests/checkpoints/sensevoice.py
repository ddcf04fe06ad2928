"""Tiny SenseVoiceSmall: the real architecture in FunASR's form, trained until it knows the dialogues by ear.

`python -m tests.checkpoints.sensevoice FOLDER`: about a minute on two cores. English is spoken by flite,
Chinese by eSpeak NG; the same voices speak in the tests.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
import torch
import torch.nn.functional as F
import yaml

from engine.asr.funasr_light import import_part
from engine.asr.sensevoice_files import open_sensevoice
from tests.checkpoints import feeling_of
from tests.checkpoints.dialogues import DIALOGUES
from tests.checkpoints.voices import voiced

_LANGUAGES = ["zh", "en", "yue", "ja", "ko", "nospeech"]
_EMOTIONS = ["HAPPY", "SAD", "ANGRY", "NEUTRAL", "FEARFUL", "DISGUSTED", "SURPRISED", "EMO_UNKNOWN"]
_OTHERS = ["Speech", "BGM", "Laughter", "Applause", "Cry", "Event_UNK", "withitn", "woitn"]
TAGS = [f"<|{name}|>" for name in (*_LANGUAGES, *_EMOTIONS, *_OTHERS)]
CONFIG: dict[str, Any] = {
    "model": "SenseVoiceSmall",
    "model_conf": {"length_normalized_loss": True, "sos": 1, "eos": 2, "ignore_id": -1},
    "encoder": "SenseVoiceEncoderSmall",
    "encoder_conf": {
        "output_size": 64,
        "attention_heads": 4,
        "linear_units": 128,
        "num_blocks": 2,
        "tp_blocks": 1,
        "dropout_rate": 0.0,
        "positional_dropout_rate": 0.0,
        "attention_dropout_rate": 0.0,
        "input_layer": "pe",
        "pos_enc_class": "SinusoidalPositionEncoder",
        "normalize_before": True,
        "kernel_size": 11,
        "sanm_shfit": 0,
        "selfattention_layer_type": "sanm",
    },
    "tokenizer": "SentencepiecesTokenizer",
    "tokenizer_conf": {"bpemodel": None, "unk_symbol": "<unk>", "split_with_space": True},
    "frontend": "WavFrontend",
    "frontend_conf": {
        "fs": 16000,
        "window": "hamming",
        "n_mels": 80,
        "frame_length": 25,
        "frame_shift": 10,
        "lfr_m": 7,
        "lfr_n": 6,
        "cmvn_file": None,
    },
}
"""As the published model's, but for its size."""
_TOKENIZER = "chn_jpn_yue_eng_ko_spectok.bpe.model"
_STEPS, _RATE = 700, 2e-3


def make(folder: Path) -> None:
    torch.manual_seed(0)
    _write_form(folder)
    network = import_part("models.sense_voice.model")
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / _TOKENIZER))
    model = network.SenseVoiceSmall(
        encoder=CONFIG["encoder"],
        encoder_conf=CONFIG["encoder_conf"],
        input_size=560,
        vocab_size=tokenizer.get_piece_size(),
        **CONFIG["model_conf"],
    )
    torch.save(model.state_dict(), folder / "model.pt")
    voice = open_sensevoice(folder)
    sounds = [voiced(dialogue) for dialogue in DIALOGUES]
    for number, sound in enumerate(sounds):
        (folder / f"{number:02}.pcm").write_bytes(sound)
    _train(voice.model.train(), voice.frontend, tokenizer, sounds)
    torch.save(voice.model.state_dict(), folder / "model.pt")


def _write_form(folder: Path) -> None:
    """All files but the weights."""
    (folder / "config.yaml").write_text(yaml.safe_dump(CONFIG), encoding="utf-8")
    metas = {"init_param": "model.pt", "config": "config.yaml"}
    nested = {"tokenizer_conf": {"bpemodel": _TOKENIZER}, "frontend_conf": {"cmvn_file": "am.mvn"}}
    configuration = {
        "framework": "pytorch",
        "task": "auto-speech-recognition",
        "file_path_metas": metas | nested,
    }
    (folder / "configuration.json").write_text(json.dumps(configuration), encoding="utf-8")
    shift, scale = " ".join(["-8.0"] * 560), " ".join(["0.2"] * 560)
    (folder / "am.mvn").write_text(
        f"<Nnet>\n<Splice> 560 560\n[ 0 ]\n<AddShift> 560 560\n<LearnRateCoef> 0 [ {shift} ]\n"
        f"<Rescale> 560 560\n<LearnRateCoef> 0 [ {scale} ]\n</Nnet>\n",
        encoding="utf-8",
    )
    prefix = folder / "tokenizer"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([dialogue.said for dialogue in DIALOGUES] * 20),
        model_prefix=str(prefix),
        vocab_size=180,
        model_type="char",
        user_defined_symbols=TAGS,
        unk_id=0,
        bos_id=1,
        eos_id=2,
        pad_id=-1,
        character_coverage=1.0,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    prefix.with_suffix(".model").rename(folder / _TOKENIZER)
    prefix.with_suffix(".vocab").unlink()


def _train(model: Any, frontend: Any, tokenizer: Any, sounds: list[bytes]) -> None:
    """Cross-entropy on the four queries, CTC on the frames after them; with noise, that it does not listen to
    what no microphone keeps."""
    features, words, heads = [], [], []
    for dialogue, pcm in zip(DIALOGUES, sounds, strict=True):
        samples = np.frombuffer(pcm, "<i2").astype(np.float32) / 32768
        features.append(frontend(torch.from_numpy(samples)[None], torch.tensor([len(samples)]))[0][0])
        words.append(tokenizer.encode(dialogue.said))
        tags = (dialogue.language, feeling_of(dialogue), "Speech", "withitn")
        heads.append([tokenizer.piece_to_id(f"<|{tag}|>") for tag in tags])
    lengths = torch.tensor([len(each) for each in features])
    sound = torch.nn.utils.rnn.pad_sequence(features, batch_first=True)
    flat = torch.tensor([token for each in words for token in each])
    counts = torch.tensor([len(each) for each in words])
    optimizer = torch.optim.AdamW(model.parameters(), _RATE)
    for step in range(_STEPS):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * (1 - step / _STEPS)
        queries = torch.tensor([[0, 1, 2, model.textnorm_dict["withitn"]]]).repeat(len(features), 1)
        asked = torch.cat([model.embed(queries), sound + 0.05 * torch.randn_like(sound)], dim=1)
        encoded, _ = model.encoder(asked, lengths + 4)[:2]
        logs = model.ctc.log_softmax(encoded)
        loss = F.nll_loss(logs[:, :4].reshape(-1, logs.shape[-1]), torch.tensor(heads).reshape(-1))
        loss = loss + F.ctc_loss(logs[:, 4:].transpose(0, 1), flat, lengths, counts, zero_infinity=True)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
