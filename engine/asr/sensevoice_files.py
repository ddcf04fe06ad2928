"""Opens a folder with SenseVoiceSmall as its makers publish it. Nothing in it is run or fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from engine.asr.funasr_light import import_part
from engine.errors import EnvironmentFault

FILES = ("config.yaml", "model.pt", "am.mvn")
TOKENIZER = "*.bpe.model"
_HEADS = ("state_dict", "model_state_dict", "model")


class SenseVoice(NamedTuple):
    """What is needed to listen."""

    model: Any
    """funasr.models.sense_voice.model.SenseVoiceSmall, ready to infer."""
    frontend: Any
    """Samples -> features (frames, 560)."""
    pieces: list[str]
    """What each token is written as."""
    tokenizer: Any
    """sentencepiece.SentencePieceProcessor."""


def open_sensevoice(folder: Path) -> SenseVoice:
    """Raises EnvironmentFault `funasr-missing`, `model-missing`, `model-damaged` or `model-wrong-kind`."""
    tokenizer_file = next(iter(sorted(folder.glob(TOKENIZER))), None)
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing or tokenizer_file is None:
        raise EnvironmentFault(
            "model-missing",
            f"The folder {folder} lacks {', '.join(missing) or TOKENIZER}: choose one with SenseVoiceSmall.",
        )
    network = import_part("models.sense_voice.model")
    frontends = import_part("frontends.wav_frontend")
    import torch
    import yaml
    from sentencepiece import SentencePieceProcessor

    try:
        config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
        if config.get("model") != "SenseVoiceSmall":
            raise EnvironmentFault(
                "model-wrong-kind",
                f"{folder} holds {config.get('model')} and not SenseVoiceSmall: choose another.",
            )
        tokenizer = SentencePieceProcessor(model_file=str(tokenizer_file))
        # Without noise added to the sound, which the makers train with: the same must be heard the same.
        conf = {**config["frontend_conf"], "dither": 0.0, "cmvn_file": str(folder / "am.mvn")}
        frontend = frontends.WavFrontend(**conf)
        model = network.SenseVoiceSmall(
            encoder=config["encoder"],
            encoder_conf=config["encoder_conf"],
            input_size=frontend.output_size(),
            vocab_size=tokenizer.get_piece_size(),
            **config.get("model_conf", {}),
        )
        weights = torch.load(folder / "model.pt", map_location="cpu", weights_only=True)
        for head in _HEADS:
            weights = weights.get(head, weights)
        left = model.load_state_dict(weights, strict=False)
        if left.missing_keys:  # FunASR would listen with random numbers in their place
            raise ValueError(f"model.pt lacks {left.missing_keys[0]} and {len(left.missing_keys) - 1} more")
    except EnvironmentFault:
        raise
    except Exception as error:  # boundary: each of the four files can be wrong in ways of its own
        raise EnvironmentFault(
            "model-damaged", f"The model in {folder} cannot be used ({_short(error)}): fetch it again."
        ) from error
    pieces = [tokenizer.id_to_piece(index) for index in range(tokenizer.get_piece_size())]
    return SenseVoice(model.eval(), frontend, pieces, tokenizer)


def _short(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
