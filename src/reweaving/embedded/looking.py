"""A loss on where answers look: at the woven spans that answer, and not at the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

    from reweaving.embedded.block_attention import ScenePlan

WATCHED = (0.4, 0.53, 0.67)
"""The layers in which it is watched, as shares of the depth."""

_AWAY, _MOST = 0.5, 2.0  # in heads' worth of attention


def astray(plan: ScenePlan) -> Tensor:
    """How much attention does not lie where the answer stands, as a loss.

    With a and w the attention (summed over heads) that a row which says an answer pays to the spans that
    answer and to the other ones, and c a constant, it is -log(a / (a + w + c)); where nothing answers,
    -log(c / (w + c)). Mean over rows and watched layers.
    """
    losses = []
    for mass in plan.looked_up.values():
        right, wrong = mass[:, 0].clamp(max=_MOST), mass[:, 1]
        at = torch.where(plan.answering, right, _AWAY)
        none = torch.where(plan.answering, _AWAY, 0.0)
        losses.append(((at + wrong + none).log() - at.clamp(min=1e-4).log()).mean())
    return torch.stack(losses).mean()
