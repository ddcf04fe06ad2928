"""A language model in this process, by llama.cpp: any GGUF file that speaks ChatML (Qwen's chat format)."""

from __future__ import annotations

import codecs
import ctypes
import logging
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.conversation.prompt import Prompt, render_chat
from engine.errors import EnvironmentFault, StageFault
from engine.hosting.backend import Cancelled, Traits
from engine.llm import LanguageModel, TextPiece
from engine.llm.chatml import Segment, fitting, is_chatml, message_segments, opening_segments, thinks_first
from engine.llm.grammar import tag_grammar
from engine.models.free_memory import free_memory
from engine.models.gguf import GgufModel, read_gguf
from engine.models.plan import plan_llm

if TYPE_CHECKING:
    from llama_cpp import Llama

log = logging.getLogger(__name__)

MAX_REPLY = 600
"""Tokens."""
_BATCH = 128
"""Tokens of a prompt read at once; between two batches a call can be given up on a GPU too."""
_Q8_0 = 8
_SAMPLING: dict[str, Any] = {"temp": 0.8, "top_k": 40, "top_p": 0.9, "min_p": 0.05, "repeat_penalty": 1.05}


class LlamaModel(LanguageModel):
    """Options: `model` (path of the GGUF file), `seed` (for tests; 0: none). How it is loaded is planned, by
    what memory is free at that moment (engine.models.plan).

    One reply begins where the last prompt and this one part: what was read once is not read again.
    """

    traits = Traits(may_abort=True, alone=True)  # it and Silero bring a libggml each, of different versions

    def load(self) -> None:
        """Raises EnvironmentFault `llama-not-installed`, `model-missing`, `model-damaged`,
        `model-wrong-kind`, `llm-no-memory` or `llm-not-loaded`."""
        model = read_gguf(Path(str(self.options.get("model", ""))))
        if not is_chatml(model.chat_template):
            raise EnvironmentFault(
                "model-wrong-kind",
                f"{model.path.name} speaks another chat format than Qwen's: choose a Qwen model, or serve it "
                "with Ollama or llama-server and choose a server as the mind.",
            )
        self._thinks = thinks_first(model.chat_template)
        self._llama = self._open(model)
        self._watch_for_cancel()

    def run(self, request: Prompt, feed: Iterator[bytes]) -> Iterator[TextPiece]:
        from llama_cpp import LlamaGrammar

        grammar = LlamaGrammar.from_string(tag_grammar(request.persona.language), verbose=False)
        prompt = self._tokens(request)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        for token in self._generate(prompt, grammar):
            if text := decoder.decode(self._llama.detokenize([token])):
                yield TextPiece(text)

    def close(self) -> None:
        self._llama.close()

    # ------------------------------------------------------------ inside

    def _open(self, model: GgufModel) -> Llama:
        try:
            import llama_cpp
        except (ImportError, OSError, RuntimeError) as error:
            raise EnvironmentFault(
                "llama-not-installed",
                f"llama-cpp-python is not installed ({error}): run `bootstrap.py setup --with models`, or "
                "serve the model with Ollama and choose a server as the mind.",
            ) from error
        plan = plan_llm(model, free_memory())
        log.info("%s is loaded so: %s", model.path.name, plan)
        self._context = plan.context
        halved = plan.cache == "q8_0"
        try:
            return llama_cpp.Llama(
                str(model.path),
                n_ctx=plan.context,
                n_batch=_BATCH,
                n_ubatch=_BATCH,
                n_gpu_layers=plan.gpu_layers,
                seed=int(self.options.get("seed", 0)) or llama_cpp.LLAMA_DEFAULT_SEED,
                flash_attn=halved,
                type_k=_Q8_0 if halved else None,
                type_v=_Q8_0 if halved else None,
                verbose=False,
            )
        except (ValueError, MemoryError, RuntimeError) as error:
            raise EnvironmentFault(
                "llm-not-loaded",
                f"{model.path.name} could not be loaded ({error}): there may be too little memory for it; "
                "choose a smaller model or a shorter context.",
            ) from error

    def _watch_for_cancel(self) -> None:
        """llama.cpp asks while it reads a prompt, too; on the processor, that is, and not on a GPU."""
        import llama_cpp
        from llama_cpp.llama_cpp import ggml_abort_callback

        self._asks = ggml_abort_callback(lambda _: self.cancelled())  # kept: the library holds only a pointer
        llama_cpp.llama_set_abort_callback(self._llama.ctx, self._asks, ctypes.c_void_p())

    def _tokens(self, request: Prompt) -> list[int]:
        messages = [self._tokenised(message_segments(message)) for message in render_chat(request)]
        opening = self._tokenised(opening_segments(self._thinks))
        room = self._context - len(opening) - min(MAX_REPLY, self._context // 4)
        kept = fitting([len(tokens) for tokens in messages], room)
        tokens = [token for index in kept for token in messages[index]]
        if len(tokens) > room:
            raise StageFault(
                "llm",
                f"A context of {self._context} tokens is too short for what she must know: set a longer one.",
                code="llm-context-too-short",
            )
        return [*tokens, *opening]

    def _tokenised(self, segments: list[Segment]) -> list[int]:
        return [
            token
            for segment in segments
            for token in self._llama.tokenize(segment.text.encode(), add_bos=False, special=segment.special)
        ]

    def _generate(self, prompt: list[int], grammar: Any) -> Generator[int]:
        """The tokens of the reply. Raises Cancelled."""
        import llama_cpp

        vocabulary = llama_cpp.llama_model_get_vocab(self._llama.model)
        assert vocabulary, "every model that is loaded has one"
        room = min(MAX_REPLY, self._context - len(prompt))
        try:
            for number, token in enumerate(self._llama.generate(prompt, grammar=grammar, **_SAMPLING)):
                if number >= room or llama_cpp.llama_vocab_is_eog(vocabulary, token):
                    return
                yield token
        except RuntimeError as error:
            if self.cancelled():
                raise Cancelled from error
            raise
