"""`ReweavingConfig`: the settings of a model with a memory."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from reweaving.config import Settings
from reweaving.memory.privacy.redaction import RedactionConfig
from reweaving.retrieval.retriever import RecallConfig
from reweaving.scoring.relevance import ScoringConfig
from reweaving.weaving.settings import ReconstructionConfig


class ReweavingConfig(Settings):
    """How a model captures and weaves.

    Parameters
    ----------
    codec
        How states are kept: ``hidden``, ``kv``, ``replay``, or ``auto``, the smaller of the first two;
        ``int8`` and ``int4`` keep ``kv`` in a half and a quarter of bfloat16's bytes, not exactly.
    layers
        Layers to capture; None for all. Those that the model does not have are named in a warning.
    weave_layers
        Which of the captured layers are woven; None for all.
    layer_budget
        How many of these layers are woven; the lowest go first. None for all.
    budget_tokens
        Most tokens woven into one request by recall.
    hot_bytes
        Most bytes of keys and values of recalled spans that are kept, so that they are made once; 0 for none.
    key_layer
        Layer whose states recall compares; None for that of the memory's entries, else the calibrated one,
        else a fifth of the model's depth.
    system
        System prompt that sessions are read under; None for the chat template's own.
    calibrated
        Whether what `cmr calibrate` found for this model is used: key layer and gate, where they are not
        set here, and the judge.
    recall
        Settings of the search, its gate and the judge.
    scoring
        How the worth of each token is judged; a span's is the mean, kept as ``relevance_score``.
    redaction
        What is taken out of texts before they are read by `remember`; prompts of `generate` are not
        changed.
    reconstruction
        How states become memory, and how much of it a request takes in; by default exactly, all of it.
    """

    codec: Literal["auto", "hidden", "kv", "replay", "int8", "int4"] = "auto"
    layers: tuple[int, ...] | None = None
    weave_layers: tuple[int, ...] | None = None
    layer_budget: int | None = Field(default=None, gt=0)
    budget_tokens: int = Field(default=256, gt=0)
    hot_bytes: int = Field(default=64 * 2**20, ge=0)
    key_layer: int | None = Field(default=None, ge=0)
    system: str | None = None
    calibrated: bool = True
    recall: RecallConfig = Field(default_factory=RecallConfig)
    redaction: RedactionConfig = Field(default_factory=RedactionConfig)
    scoring: ScoringConfig = Field(default_factory=ScoringConfig)
    reconstruction: ReconstructionConfig = Field(default_factory=ReconstructionConfig.exact)
