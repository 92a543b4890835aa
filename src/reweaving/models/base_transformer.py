"""`CMRTransformer`: a Hugging Face causal language model with a memory, as one `nn.Module`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import torch
from torch import nn

from reweaving.adapters.resolve import resolve_adapter
from reweaving.capture.layers import key_layer, known_layers
from reweaving.events import span
from reweaving.memory.buffer import LayeredMemoryBuffer
from reweaving.memory.long_term import LongTermMemory
from reweaving.models.attaching import AttachingModule
from reweaving.models.devices import resolve_device
from reweaving.models.keeping import SpanKeeper
from reweaving.models.loading import load_backbone
from reweaving.models.output import CMROutput
from reweaving.models.passes import MemoryPass, Totals
from reweaving.models.quantization import quantize_weights
from reweaving.models.recalling import BufferRecall
from reweaving.models.requests import checked_request, real_tokens
from reweaving.models.running import captured_while
from reweaving.models.settings import CMRConfig
from reweaving.reweaver import Reweaver
from reweaving.types import MemoryEntry, Recollection


class CMRTransformer(AttachingModule):
    """A causal language model that keeps what its layers held, and weaves it into later requests.

    Life: made plain; `register_memory_hooks` (or `enable_memory`) attaches the memory; each pass then
    recalls, weaves, reads and keeps; `cleanup_hooks`, or the end of a ``with``, gives the model back.

    Parameters
    ----------
    config
        What `reweaving.models.loading.load_backbone` takes: a Hugging Face config, a name or path, a
        model, or a namespace with ``vocab_size`` and ``num_hidden_layers``.
    memory_config
        See `CMRConfig`.
    model_name
        Name or path of the weights; None for the config's own.
    tokenizer
        Gives entries their text; not needed otherwise.
    fallback
        Whether something else may stand in, with a warning, for weights or a device that cannot be
        had; None for what `memory_config` says.
    memory_buffer
        Where entries are held; None for one of the sizes in `memory_config`.
    scorer
        Callable ``(hidden_states, attention_mask)`` giving scores in [0, 1]; None for the configured one.
    long_term
        Takes over entries that are evicted, such as a `reweaving.Memory`.

    Raises
    ------
    ConfigurationError
        For an unknown key or a wrong value.
    WeightsNotFoundError
        When nothing may stand in for weights that cannot be reached.
    UnsupportedModelError
        When the architecture cannot be woven exactly.
    InputError
        When none of the target layers exists, or none of the intervention layers is captured.
    """

    def __init__(
        self,
        config: Any,
        memory_config: Mapping[str, Any] | CMRConfig | None = None,
        model_name: str | None = None,
        *,
        tokenizer: Any = None,
        fallback: bool | None = None,
        memory_buffer: LayeredMemoryBuffer | None = None,
        scorer: nn.Module | None = None,
        long_term: LongTermMemory | None = None,
    ) -> None:
        super().__init__()
        self._woven = None
        settings = CMRConfig.of(memory_config, model_name=model_name, fallback=fallback)
        self.memory_config = settings
        self.backbone = load_backbone(
            config,
            settings.model_name,
            fallback=settings.fallback,
            device_map=settings.device_map,
        ).eval()
        if settings.use_quantization:
            quantize_weights(self.backbone)
        if settings.device is not None and settings.device_map is None:
            self.backbone.to(resolve_device(settings.device, fallback=settings.fallback))
        self.adapter = resolve_adapter(self.backbone)
        self.tokenizer = self.default_tokenizer(self.backbone) if tokenizer is None else tokenizer
        depth = len(self.adapter.layers)
        wanted = settings.target_layers or self.default_layers(depth)
        self.target_layers = known_layers(wanted, self.adapter)
        self.intervention_layers = self._interventions(self.target_layers)
        # An empty buffer is false, and somebody's own all the same.
        self.memory_buffer = (
            memory_buffer
            if memory_buffer is not None
            else LayeredMemoryBuffer(
                settings.max_entries_per_layer,
                settings.max_total_entries,
                settings.eviction_strategy,
                max_bytes=settings.max_memory_bytes,
                device=self.adapter.entry_device,
                long_term=long_term,
            )
        )
        self.key_layer = key_layer(None, self.target_layers, depth)
        self.scorer = self._configured_scorer() if scorer is None else scorer
        self.retriever = self._configured_retriever()
        self.reconstruction_enabled = True
        self.layer_hooks = {}
        self.memory_enabled = False
        self.current_sequence_id = 0
        self._totals = Totals()
        self.eval()

    @classmethod
    def default_layers(cls, depth: int) -> tuple[int, ...] | None:  # noqa: ARG003 - for families
        """Layers to capture when none are asked for, of a model of some depth; None for all."""
        return None

    @classmethod
    def default_tokenizer(cls, backbone: Any) -> Any:  # noqa: ARG003 - for families
        """The tokenizer of a model for which none is given; None for none."""
        return None

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None
    ) -> CMROutput:
        """Read token ids with what memory holds for them, and keep what is worth it.

        Parameters
        ----------
        input_ids
            Shape ``(batch, tokens)`` or ``(tokens,)``. Each row is a sequence of its own.
        attention_mask
            0 for padding, shape ``(batch, tokens)``.

        Returns
        -------
        CMROutput
            ``last_hidden_state`` ``(batch, tokens, hidden)``, ``logits`` ``(batch, tokens, vocab)`` and
            ``memory_stats``.

        Raises
        ------
        InputError
            For ids of another shape, outside the vocabulary, or longer than the model's window.
        """
        outputs, _ = self._read(input_ids, attention_mask)
        return CMROutput(
            last_hidden_state=outputs.hidden_states[-1],
            logits=outputs.logits,
            memory_stats=self.get_memory_stats(),
        )

    def generate(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        *,
        use_memory: bool = True,
        task_type: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Hugging Face's ``generate``, with what memory holds for each prompt.

        What is read and written is kept. With beams or several sequences per prompt, the prompts are. When
        memory runs out while capturing, the model generates once more, with a smaller buffer and a warning.

        Parameters
        ----------
        input_ids, attention_mask
            As in `forward`.
        use_memory
            False for the plain model.
        task_type
            What the answer is for, where the retrieval strategy knows task types.
        **kwargs
            As for Hugging Face's.
        """
        ids, mask = checked_request(input_ids, attention_mask, self.adapter)
        call = partial(self.backbone.generate, input_ids=ids, attention_mask=mask, **kwargs)
        woven = self._in_use(use_memory)
        done = self._recalled(woven, ids, mask, task_type) if woven else MemoryPass()
        if woven is None:
            with done.timed("model"), self._plain():
                output = call()
        else:
            with done.timed("model"):
                output, captured = captured_while(
                    call, woven, self._shown(done), self.memory_buffer
                )
            if captured is not None and len(captured) != len(ids):
                rows = woven.capture(ids, mask)
                captured = [rows] if len(ids) == 1 else rows
            with done.timed("capture"):
                done.kept = self._keep(captured or [])
        made = output if isinstance(output, torch.Tensor) else output.sequences
        done.tokens = real_tokens(ids, mask) + made[:, ids.shape[1] :].numel()
        self._totals.add(done)
        return output

    def _shown(self, done: MemoryPass) -> Sequence[Sequence[Recollection]]:
        return done.found if self.reconstruction_enabled else [[] for _ in done.found]

    def _read(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None,
        *,
        use_memory: bool = True,
        task_type: str | None = None,
    ) -> tuple[Any, MemoryPass]:
        ids, mask = checked_request(input_ids, attention_mask, self.adapter)
        given = {"input_ids": ids, "attention_mask": mask, "output_hidden_states": True}

        def call() -> Any:
            with span("read", self.backbone):
                return self.backbone(**given, use_cache=False)

        woven = self._in_use(use_memory)
        done = self._recalled(woven, ids, mask, task_type) if woven else MemoryPass()
        done.tokens = real_tokens(ids, mask)
        if woven is None:
            with done.timed("model"), self._plain():
                outputs = call()
        else:
            with done.timed("model"):
                outputs, captured = captured_while(
                    call, woven, self._shown(done), self.memory_buffer
                )
            with done.timed("capture"):
                done.kept = self._keep(captured or [], outputs.logits, mask)
        self._totals.add(done)
        return outputs, done

    def _recalled(
        self,
        woven: Reweaver,
        ids: torch.Tensor,
        mask: torch.Tensor | None,
        task_type: str | None,
    ) -> MemoryPass:
        done = MemoryPass(found=[[] for _ in ids], candidates=len(self.memory_buffer))
        if done.candidates:
            recall = BufferRecall(
                woven,
                self.retriever,
                self.memory_buffer,
                self.key_layer,
                self.memory_config.retrieval_budget,
                self.tokenizer,
            )
            with done.timed("retrieval"):
                done.found = recall.rows(ids, mask, self.current_sequence_id + 1, task_type)
        return done

    def _keep(
        self,
        captured: Sequence[Sequence[MemoryEntry]],
        logits: torch.Tensor | None = None,
        mask: torch.Tensor | None = None,
    ) -> list[MemoryEntry]:
        keeper = SpanKeeper(
            self.scorer, self.key_layer, self.memory_config, self.memory_buffer, self.backbone
        )
        return keeper.rows(captured, self._next_sequence, logits, mask)

    def _next_sequence(self) -> int:
        self.current_sequence_id += 1
        return self.current_sequence_id
