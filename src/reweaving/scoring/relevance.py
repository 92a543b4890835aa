"""`RelevanceScorer`: from states to scores, by any of the scorers in the table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from pydantic import Field
from torch import nn

from reweaving.adapters.base import BackboneAdapter
from reweaving.adapters.resolve import resolve_adapter
from reweaving.config import Settings
from reweaving.errors import ConfigurationError, InputError
from reweaving.scoring.attended import Attended
from reweaving.scoring.base import SCORERS, ModelLayer, Scorer
from reweaving.scoring.hybrid import HybridConfig
from reweaving.scoring.inputs import packed
from reweaving.scoring.tally import Tally


class ScoringConfig(Settings):
    """How what is read is scored.

    Parameters
    ----------
    method
        Name in the table of scorers: ``attention``, ``variance``, ``gradient`` (each also with
        ``_based`` behind it), ``surprise``, ``hybrid``, or one that another distribution adds.
    hybrid
        What ``hybrid`` is made of.
    """

    method: str = "hybrid"
    hybrid: HybridConfig = Field(default_factory=HybridConfig)


class RelevanceScorer(nn.Module):
    """Scores tokens in [0, 1] by how much they are worth remembering.

    Callable on states alone; what a method can make use of beyond them (attention weights, token ids,
    logits, surprise) is given with the call, and a model once. Without these, ``attention``, ``gradient``
    and ``surprise`` use stand-ins made from the states (see the scorers); `get_scoring_stats` says what the
    last scores rest on. It has no weights, and nothing it does leaves a gradient or changes a model.

    Parameters
    ----------
    hidden_size
        Width of the states.
    scoring_method
        Name in the table of scorers.
    model
        A Hugging Face causal language model or its `BackboneAdapter`.
    layer
        With a model: the layer at whose input the states are taken.
    config
        Settings of the scorers; its ``method`` is not looked at here.

    Raises
    ------
    RegistryError
        For a method that no table knows; the message suggests the nearest.
    ConfigurationError
        For a width below 1, one that is not the model's, or a layer that the model does not have.
    UnsupportedModelError
        For a model that no adapter fits.
    """

    def __init__(
        self,
        hidden_size: int,
        scoring_method: str = "attention_based",
        *,
        model: Any = None,
        layer: int | None = None,
        config: ScoringConfig | None = None,
    ) -> None:
        super().__init__()
        if hidden_size < 1:
            raise ConfigurationError(
                f"hidden_size = {hidden_size}: states have a width of 1 or more"
            )
        self.hidden_size = hidden_size
        self.config = config or ScoringConfig()
        self._model = None if model is None else self._located(model, layer)
        self.update_scoring_method(scoring_method)

    def _located(self, model: Any, layer: int | None) -> ModelLayer:
        adapter = model if isinstance(model, BackboneAdapter) else resolve_adapter(model)
        if adapter.hidden_size != self.hidden_size:
            raise ConfigurationError(
                f"hidden_size = {self.hidden_size} but {type(adapter.model).__name__} has states of "
                f"{adapter.hidden_size}"
            )
        if layer is None or not 0 <= layer < len(adapter.layers):
            raise ConfigurationError(
                f"layer = {layer}: say at the input of which layer, 0 to {len(adapter.layers) - 1}, the "
                "states are taken"
            )
        return ModelLayer(adapter, layer)

    def update_scoring_method(self, scoring_method: str) -> None:
        """Score by another method from now on; the statistics begin anew.

        Raises
        ------
        RegistryError
            For an unknown name; the method stays what it was.
        """
        scorer = SCORERS.get(scoring_method).configured(self.config)
        self._current = _Current(scoring_method, scorer)

    @property
    def scoring_method(self) -> str:
        """The method's name, as it was given."""
        return self._current.name

    @torch.no_grad()
    def forward(
        self,
        hidden_states: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        *,
        token_ids: torch.Tensor | None = None,
        attention_weights: torch.Tensor | None = None,
        logits: torch.Tensor | None = None,
        surprise: torch.Tensor | None = None,
        attended: Attended | None = None,
    ) -> torch.Tensor:
        """Score every token.

        Parameters
        ----------
        hidden_states
            Residual stream at a layer's input, shape ``(batch, seq, hidden)`` or ``(seq, hidden)``, in any
            floating dtype. The other arguments have, or lack, the same first dimension.
        attention_mask
            0 for padding, which may lie anywhere, shape ``(batch, seq)``.
        token_ids
            Shape ``(batch, seq)``; read by ``gradient`` and ``surprise`` where there is a model or `logits`.
        attention_weights
            Of one layer, shape ``(batch, heads, seq, seq)``; read by ``attention``.
        logits
            What the model predicts behind each token, shape ``(batch, seq, vocab)``.
        surprise
            ``-log p`` of each token in nats, shape ``(batch, seq)``; used instead of `logits`.
        attended
            What the model's layer attended to while it read the last of these tokens, all of one sequence; spares
            ``attention`` to compute it again.

        Returns
        -------
        torch.Tensor
            Float32 scores, shape ``(batch, seq)`` or ``(seq,)``; 0 at padding.

        Raises
        ------
        InputError
            For another shape or width, states that are no floating-point numbers, NaN or infinity at a
            token, and for logits without token ids.
        ConfigurationError
            When an added scorer breaks its promise: another shape, or values outside [0, 1].
        """
        packing, context = packed(
            hidden_states,
            attention_mask,
            token_ids,
            attention_weights,
            logits,
            surprise,
            hidden_size=self.hidden_size,
            model=self._model,
        )
        if attended is not None:
            context = replace(context, attended=attended)
        current = self._current  # another thread may choose another one meanwhile
        if context.states.shape[1]:
            found = _checked(current.scorer.score(context), current.scorer, context.mask)
        else:
            found = torch.zeros_like(context.mask, dtype=torch.float32)
        current.tally.add(found[context.mask], current.scorer.source(context))
        scores = packing.unpack(found)
        return scores if hidden_states.ndim == 3 else scores[0]

    @torch.no_grad()
    def get_top_k_positions(
        self, scores: torch.Tensor, k: int, attention_mask: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Positions of the highest scores of each row, highest first, of equal ones the earlier first.

        Parameters
        ----------
        scores
            Shape ``(batch, seq)`` or ``(seq,)``.
        k
            How many, 1 or more.
        attention_mask
            0 for padding, which is never chosen; same shape as `scores`.

        Returns
        -------
        torch.Tensor
            Shape ``(batch, min(k, seq))`` or ``(min(k, seq),)``; -1 where a row has fewer tokens.

        Raises
        ------
        InputError
            For ``k`` below 1, or shapes that do not fit.
        """
        if k < 1:
            raise InputError(f"k = {k}: ask for one position or more")
        if scores.ndim not in (1, 2) or (
            attention_mask is not None and attention_mask.shape != scores.shape
        ):
            mask = None if attention_mask is None else tuple(attention_mask.shape)
            raise InputError(
                f"scores have shape {tuple(scores.shape)} and attention_mask {mask}: "
                "both are (batch, seq) or (seq,)"
            )
        ranked = scores.float()
        if attention_mask is not None:
            ranked = ranked.masked_fill(attention_mask.to(scores.device) == 0, -math.inf)
        best, positions = ranked.sort(dim=-1, descending=True, stable=True)
        return positions.masked_fill(best == -math.inf, -1)[..., :k]

    def get_scoring_stats(self) -> dict[str, Any]:
        """What was scored since the method was chosen.

        Returns
        -------
        dict
            ``scoring_method``, ``hidden_size``, ``source`` of the last scores (``states``, ``given`` or
            ``model``; for a hybrid that of each part), ``calls``, ``total_positions`` and, over all tokens,
            ``mean_score``, ``std_score``, ``min_score``, ``max_score`` (0 while there are none).
        """
        current = self._current
        return {
            "scoring_method": current.name,
            "hidden_size": self.hidden_size,
            **current.tally.summary(),
        }


@dataclass(frozen=True)
class _Current:
    """The chosen method, and what it has scored."""

    name: str
    scorer: Scorer
    tally: Tally = field(default_factory=Tally)


def _checked(scores: torch.Tensor, scorer: Scorer, mask: torch.Tensor) -> torch.Tensor:
    """Scores of tokens as they were promised, 0 elsewhere, in float32."""
    name = type(scorer).__name__
    if scores.shape != mask.shape:
        raise ConfigurationError(
            f"{name}.score returned shape {tuple(scores.shape)} for tokens {tuple(mask.shape)}"
        )
    kept = scores.detach().to(mask.device, torch.float32).masked_fill(~mask, 0.0)
    if not bool(((kept >= 0) & (kept <= 1)).all()):
        raise ConfigurationError(f"{name}.score returned values outside [0, 1], or NaN")
    return kept


def span_scores(scores: torch.Tensor, spans: Sequence[tuple[int, int]]) -> list[float]:
    """One score per span: the mean over its tokens.

    Parameters
    ----------
    scores
        Of one sequence, shape ``(seq,)``.
    spans
        Bounds ``start, stop`` in it, none empty.

    Returns
    -------
    list of float
        In [0, 1], as `MemoryEntry.relevance_score` is.

    Raises
    ------
    InputError
        For an empty span, or one that reaches beyond the scores.
    """
    for start, stop in spans:
        if not 0 <= start < stop <= len(scores):
            raise InputError(f"span {start}…{stop} does not lie within {len(scores)} scored tokens")
    return [float(scores[start:stop].mean()) for start, stop in spans]
