"""GPT-2: learned positions, added to the embeddings and therefore baked into every state."""

from __future__ import annotations

from typing import Literal

from reweaving.adapters.base import BackboneAdapter


class GPT2Adapter(BackboneAdapter):
    """``transformer.h[i].attn``; keys are never rotated.

    A state keeps the position it was read at, so memory cannot be moved; the request is moved instead, to the
    position behind the last woven token. For one whole sequence that is where one pass would have put it, and
    the laws hold as they do elsewhere (docs/decisions/0001-weaving.md).
    """

    decoder_path = "transformer"
    layers_path = "h"
    attention_path = "attn"
    rotary_path = None
    norm_name = "ln_1"
    positions: Literal["rotary", "learned"] = "learned"
