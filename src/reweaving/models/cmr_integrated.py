"""`IntegratedCMRModel`: capture, memory, scoring and hooks in one model, ready when it is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from reweaving.models.base_transformer import CMRTransformer
from reweaving.models.output import CMROutput
from reweaving.models.settings import CMRConfig


class IntegratedCMRModel(CMRTransformer):
    """A model with a memory from the start; scores by ``hybrid`` unless told otherwise.

    Parameters
    ----------
    base_config, memory_config
        As ``config`` and ``memory_config`` of `CMRTransformer`.
    device
        ``auto``, ``cpu``, ``cuda``, ``mps`` or ``xla``; None for that of `memory_config`.
    **parts
        As for `CMRTransformer`.
    """

    def __init__(
        self,
        base_config: Any,
        memory_config: Mapping[str, Any] | CMRConfig | None = None,
        device: str | torch.device | None = None,
        **parts: Any,
    ) -> None:
        settings = CMRConfig.of(memory_config, device=None if device is None else str(device))
        super().__init__(base_config, settings, **parts)
        self.register_memory_hooks()

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        use_memory: bool = True,
    ) -> CMROutput:
        """As `CMRTransformer.forward`; `use_memory` = False reads as the plain model and keeps nothing.

        Returns
        -------
        CMROutput
            Also ``hidden_states``, one ``(batch, tokens, hidden)`` per layer and one in front,
            ``performance_stats`` and ``retrieval_stats``.
        """
        outputs, done = self._read(input_ids, attention_mask, use_memory=use_memory)
        return CMROutput(
            last_hidden_state=outputs.hidden_states[-1],
            logits=outputs.logits,
            hidden_states=outputs.hidden_states,
            memory_stats=self.get_memory_stats(),
            performance_stats=self._totals.performance(done),
            retrieval_stats=self.get_retrieval_stats(done),
        )
