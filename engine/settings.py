"""Every setting, declared once: type, default, help, unit and range.

The config file's comments, `companion-engine config`, `--help`, the docs and the settings panel are all
made from these declarations (see engine.config). A section is a struct; the key `tts.rate` is field `rate`
of section `tts`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta


def _help(text: str, *, unit: str = "", **limits: Any) -> Meta:
    extra = {"unit": unit} if unit else None
    return Meta(description=text, extra=extra, **limits)


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all sections."""


class General(Section, frozen=True):
    """The whole program."""

    language: Annotated[
        Literal["auto", "zh", "en"], _help("Language of notices; auto follows the system.")
    ] = "auto"
    hosting: Annotated[
        Literal["auto", "inline", "worker"],
        _help("Where backends run: auto gives those that can block or crash their own process."),
    ] = "auto"
    log_level: Annotated[Literal["debug", "info", "warning", "error"], _help("How much the log says.")] = (
        "info"
    )


class PersonaSettings(Section, frozen=True):
    """Who the companion is."""

    card: Annotated[str, _help("Persona card: a name from assets/persona or the path of a .toml.")] = "rio"
    name: Annotated[str, _help("The companion's name; empty: the card's.", max_length=40)] = ""
    character: Annotated[
        str, _help("The companion's character, in a few sentences; empty: the card's.", max_length=2000)
    ] = ""
    language: Annotated[
        Literal["auto", "zh", "en"], _help("Language of answers; auto is the one you use.")
    ] = "auto"
    user_name: Annotated[
        str,
        _help("How the companion addresses you; empty: by the name you told it.", max_length=80),
    ] = ""


class VadSettings(Section, frozen=True):
    """Hearing that somebody speaks."""

    backend: Annotated[str, _help("Voice detector.")] = "auto"
    threshold: Annotated[
        float, _help("Probability from which a frame counts as speech.", ge=0.05, le=0.95)
    ] = 0.5


class AsrSettings(Section, frozen=True):
    """Understanding what was said."""

    backend: Annotated[str, _help("Speech recogniser.")] = "auto"
    model: Annotated[str, _help("A folder with SenseVoiceSmall.", max_length=1000)] = ""
    min_confidence: Annotated[
        float,
        _help("Below it a hypothesis is not believed; 0 leaves it to the backend.", ge=0.0, le=1.0),
    ] = 0.0


class LlmSettings(Section, frozen=True):
    """Thinking."""

    backend: Annotated[str, _help("The mind.")] = "auto"
    model: Annotated[
        str,
        _help(
            "A language model of your own: a .gguf file that speaks ChatML, as Qwen's do.", max_length=1000
        ),
    ] = ""
    server: Annotated[
        str,
        _help(
            "With backend openai: the server, as http://host:port; empty: the one found on this computer.",
            max_length=300,
        ),
    ] = ""
    server_model: Annotated[
        str, _help("With backend openai: the server's model; empty: its first.", max_length=200)
    ] = ""


class TtsSettings(Section, frozen=True):
    """Speaking."""

    backend: Annotated[str, _help("Speech synthesiser.")] = "auto"
    rate: Annotated[float, _help("Speed of speech; 1 is normal.", ge=0.5, le=2.0)] = 1.0
    volume: Annotated[float, _help("Loudness of speech; 1 is normal.", ge=0.0, le=2.0)] = 1.0


class EmbeddingSettings(Section, frozen=True):
    """Comparing texts by meaning."""

    backend: Annotated[str, _help("Text embedder.")] = "auto"


class MemorySettings(Section, frozen=True):
    """Remembering."""

    enabled: Annotated[bool, _help("Off: nothing new is remembered.")] = True
    recall_tokens: Annotated[
        int,
        _help("Most that recalled memories may take of a prompt.", unit="tokens", ge=0, le=8000),
    ] = 1000


class TurnSettings(Section, frozen=True):
    """Taking turns."""

    end_silence_ms: Annotated[
        int, _help("Hands-free: silence that ends your turn.", unit="ms", ge=200, le=3000)
    ] = 700
    min_speech_ms: Annotated[
        int, _help("Hands-free: shorter sounds are not speech.", unit="ms", ge=0, le=1000)
    ] = 120
    max_utterance_s: Annotated[int, _help("A longer turn is committed as it is.", unit="s", ge=5, le=600)] = (
        60
    )
    echo_guard_ms: Annotated[
        int,
        _help(
            "Hands-free: how long the microphone stays ignored after speaking.",
            unit="ms",
            ge=0,
            le=2000,
        ),
    ] = 300


class DeadlineSettings(Section, frozen=True):
    """How long each stage may take before its work is stopped."""

    load_s: Annotated[float, _help("Loading one stage.", unit="s", gt=0, le=600)] = 180.0
    asr_s: Annotated[float, _help("Transcript after the end of an utterance.", unit="s", gt=0, le=120)] = 15.0
    recall_s: Annotated[float, _help("Recalling memories.", unit="s", gt=0, le=30)] = 2.0
    llm_first_s: Annotated[float, _help("First token of a reply.", unit="s", gt=0, le=300)] = 60.0
    llm_gap_s: Annotated[float, _help("Between two tokens.", unit="s", gt=0, le=120)] = 10.0
    llm_total_s: Annotated[float, _help("All tokens of a reply.", unit="s", gt=0, le=3600)] = 300.0
    tts_first_s: Annotated[float, _help("First sound of a clause.", unit="s", gt=0, le=120)] = 10.0
    tts_gap_s: Annotated[float, _help("Between two pieces of sound.", unit="s", gt=0, le=120)] = 10.0
    tts_total_s: Annotated[float, _help("All sound of a clause.", unit="s", gt=0, le=600)] = 60.0
    playback_s: Annotated[
        float, _help("Silence of play-out reports while sound is owed.", unit="s", gt=0, le=60)
    ] = 5.0
    flush_s: Annotated[float, _help("Wait for the client to confirm a flush.", unit="s", gt=0, le=5)] = 0.3
    record_s: Annotated[float, _help("Writing a turn to the record.", unit="s", gt=0, le=60)] = 10.0


class EngineSettings(Section, frozen=True):
    """Where the engine of the desktop app runs."""

    place: Annotated[
        Literal["local", "child", "remote"],
        _help("In the app (local), in a process of its own (child), or on a paired host (remote)."),
    ] = "local"
    host: Annotated[
        str, _help("The paired host, as address:port; empty: the one paired last.", max_length=300)
    ] = ""


class AudioSettings(Section, frozen=True):
    """The desktop app's sound devices."""

    microphone: Annotated[str, _help("Microphone; empty: the system's.", max_length=300)] = ""
    speaker: Annotated[str, _help("Speaker; empty: the system's.", max_length=300)] = ""


class TalkSettings(Section, frozen=True):
    """Talking on the desktop."""

    hotkey: Annotated[
        str, _help("The key to hold while you talk, as `f8` or `ctrl+alt+space`.", max_length=80)
    ] = "f8"
    hands_free: Annotated[bool, _help("Listen all the time from the start.")] = False


class AvatarSettings(Section, frozen=True):
    """The companion's body."""

    model: Annotated[
        str, _help("A Live2D model of your own: a folder, .zip or .model3.json; empty: Rio.", max_length=1000)
    ] = ""
    fps: Annotated[int, _help("Pictures a second.", ge=10, le=60)] = 30
    subtitles: Annotated[bool, _help("Show what is said in a bubble.")] = True


class DesktopSettings(Section, frozen=True):
    """The desktop app's windows."""

    theme: Annotated[Literal["auto", "light", "dark"], _help("Colours; auto follows the system.")] = "auto"
    start_at_login: Annotated[bool, _help("Start when you log in.")] = False


class HostSettings(Section, frozen=True):
    """Letting other programs and machines talk to this engine."""

    address: Annotated[
        str,
        _help("Address to listen on; another than loopback needs TLS and a paired device."),
    ] = "127.0.0.1"
    port: Annotated[int, _help("Port to listen on; 0 takes a free one.", ge=0, le=65535)] = 8000
    tls: Annotated[bool, _help("Encrypt, with a certificate of the host's own.")] = False
    allowed_origins: Annotated[
        str, _help("Web pages that may connect, as `https://name:port`, separated by commas.")
    ] = ""
    names: Annotated[
        str, _help("Names by which clients may call this host, besides its address, separated by commas.")
    ] = ""
    max_sessions: Annotated[int, _help("Conversations at once.", ge=1, le=1024)] = 32
    resume_s: Annotated[
        int, _help("How long a lost conversation waits for its client.", unit="s", ge=0, le=600)
    ] = 30
    drain_s: Annotated[
        int, _help("When stopping: how long speech may still play.", unit="s", ge=0, le=60)
    ] = 5


class Settings(Section, frozen=True):
    """All sections."""

    general: General = General()
    persona: PersonaSettings = PersonaSettings()
    vad: VadSettings = VadSettings()
    asr: AsrSettings = AsrSettings()
    llm: LlmSettings = LlmSettings()
    tts: TtsSettings = TtsSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    memory: MemorySettings = MemorySettings()
    turn: TurnSettings = TurnSettings()
    deadlines: DeadlineSettings = DeadlineSettings()
    host: HostSettings = HostSettings()
    engine: EngineSettings = EngineSettings()
    audio: AudioSettings = AudioSettings()
    talk: TalkSettings = TalkSettings()
    avatar: AvatarSettings = AvatarSettings()
    desktop: DesktopSettings = DesktopSettings()
