"""What weaving needs to know of a model: its layers, its attention modules, its positions."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import torch
from torch import nn

from reweaving.adapters.fused import FusedProjection, joint_projection
from reweaving.adapters.projections import DirectProjection, separate
from reweaving.adapters.rotation import turned_halves
from reweaving.adapters.tap import Tap, Tapped, accepted_arguments, cache_argument
from reweaving.errors import UnsupportedModelError

Rotation = tuple[torch.Tensor, torch.Tensor]


class BackboneAdapter:
    """One model family's map; a family is a table of module paths, and rarely more.

    Life: built once by `reweaving.attach`, which calls `refusal` first. While a request runs, the weaver
    calls `project` (states to keys and values), `rotation` and `rotate` (keys to their positions) on the
    thread of that request. An adapter never changes the model.

    Parameters
    ----------
    model
        A Hugging Face causal language model.

    Raises
    ------
    UnsupportedModelError
        When a path of the table does not exist in the model.
    """

    decoder_path: str = "model"
    layers_path: str = "layers"
    attention_path: str = "self_attn"
    rotary_path: str | None = "rotary_emb"
    norm_name: str | None = None
    """The norm before a layer's attention, in families whose projections can be called by themselves."""
    positions: Literal["rotary", "learned"] = "rotary"

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self.decoder = self._find(model, self.decoder_path)
        self.layers: Sequence[nn.Module] = list(
            self._find(self.decoder, self.layers_path).children()
        )
        self.attentions = [self._find(layer, self.attention_path) for layer in self.layers]
        self.rotary = (
            None if self.rotary_path is None else self._find(self.decoder, self.rotary_path)
        )
        self.config: Any = getattr(self.decoder, "config", model.config)
        self._accepted = accepted_arguments(self.layers[0])
        self._cache_argument = cache_argument(self._accepted)
        self._rotates: dict[int, bool] = {}
        self._turns_halves: dict[int, bool] = {}
        self._direct: dict[int, DirectProjection | FusedProjection | None] = {}

    @staticmethod
    def _find(root: nn.Module, path: str) -> nn.Module:
        try:
            return root.get_submodule(path)
        except AttributeError as error:
            raise UnsupportedModelError(
                f"{type(root).__name__} has no module {path!r} where its family keeps it; "
                "write an adapter (CONTRIBUTING.md, 'Add a backbone')"
            ) from error

    @classmethod
    def refusal(cls, model: nn.Module) -> str | None:  # noqa: ARG003 - for families to look at
        """Why this model cannot be woven exactly, or None."""
        return None

    @property
    def hidden_size(self) -> int:
        """Width of the residual stream."""
        return int(self.config.hidden_size)

    @property
    def trained_length(self) -> int:
        """Longest sequence, in tokens, that the positions serve."""
        longest = int(getattr(self.config, "max_position_embeddings", 0) or 2**30)
        grown = [
            float(rope["factor"]) for rope in self._ropes() if rope.get("rope_type") == "dynamic"
        ]
        return int(longest * max(grown, default=1.0))

    @property
    def moves_request(self) -> bool:
        """Whether the request must stand behind its memory instead of memory before the request.

        Rotations are relative, so memory can lie at negative positions and the request keeps its own. Learned
        positions are baked into states, and rotations whose frequencies change with the length (dynamic, longrope)
        are relative only among keys and queries of one length: both need the positions of one pass.
        """
        return self.positions == "learned" or self.length_dependent_rotation

    @property
    def length_dependent_rotation(self) -> bool:
        """Whether rotary frequencies depend on the length of the whole sequence (dynamic, longrope)."""
        return any(rope.get("rope_type") in ("dynamic", "longrope") for rope in self._ropes())

    def rotation_regime(self, length: int) -> tuple[int, ...]:
        """Equal for two lengths, in tokens, exactly when the model rotates both by the same frequencies."""
        regimes = []
        for rope in self._ropes():
            if rope.get("rope_type") == "dynamic":
                regimes.append(max(length, int(self.config.max_position_embeddings)))
            elif rope.get("rope_type") == "longrope":
                regimes.append(int(length > int(rope["original_max_position_embeddings"])))
        return tuple(regimes)

    def _ropes(self) -> list[dict[str, Any]]:
        parameters = getattr(self.config, "rope_parameters", None) or {}
        nested = [
            rope for rope in parameters.values() if isinstance(rope, dict)
        ]  # one for each type of layer
        return nested or [parameters]

    @property
    def dtype(self) -> torch.dtype:
        """Of the residual stream."""
        return next(p.dtype for p in self.layers[0].parameters() if p.is_floating_point())

    def device(self, layer: int) -> torch.device:
        """Where the layer's attention computes."""
        for module in self.layers[layer].modules():
            # accelerate keeps weights elsewhere and says here where it brings them.
            placed = getattr(getattr(module, "_hf_hook", None), "execution_device", None)
            if placed is not None:
                return torch.device(placed)
        return next(self.layers[layer].parameters()).device

    @property
    def entry_device(self) -> torch.device:
        """Where token ids enter."""
        return self.device(0)

    def layer_kind(self, layer: int) -> str | None:
        """The layer's attention type, where rotation depends on it (Gemma 3's two bases)."""
        if isinstance(getattr(self.rotary, "rope_type", None), dict):
            return str(self.config.layer_types[layer])
        return None

    def project(self, layer: int, hidden: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Keys before rotation, and values, as the layer itself computes them.

        Where the family says which norm stands before its projections, these are called by themselves. Otherwise
        the layer is run with an identity rotation and a cache that stops it as soon as it hands over its keys
        and values: no family needs code of its own, and only the queries are computed for nothing.

        Parameters
        ----------
        layer
            Index of the decoder layer.
        hidden
            Residual stream at the layer's input, shape ``(batch, tokens, hidden)``.

        Returns
        -------
        keys, values
            Each of shape ``(batch, kv_heads, tokens, head_dim)``.

        Raises
        ------
        UnsupportedModelError
            When the layer keeps no keys and values of its own (state-space or shared layers).
        """
        hidden = hidden.to(self.device(layer))
        direct = self.direct(layer)
        if direct is not None:
            return direct(hidden)
        return self._tapped(layer, hidden, self.unrotated(layer, hidden.shape[1]))

    def direct(self, layer: int) -> DirectProjection | FusedProjection | None:
        """The layer's projections by themselves, if two tokens get from them what the whole layer gives."""
        if layer not in self._direct:
            found = self._projections(layer)
            if found is not None:
                probe = self._probe_states(2, layer)
                whole = self._tapped(layer, probe, self.unrotated(layer, 2))
                same = all(map(torch.equal, found(probe), whole))
                found = found if same else None
            self._direct[layer] = found
        return self._direct[layer]

    def _projections(self, layer: int) -> DirectProjection | FusedProjection | None:
        if self.norm_name is None:
            return None
        modules = self.layers[layer], self.attentions[layer], self.norm_name
        heads = int(self.config.num_attention_heads)
        kv_heads = int(getattr(self.config, "num_key_value_heads", None) or heads)
        return separate(*modules) or joint_projection(*modules, heads, kv_heads)

    def _probe_states(self, tokens: int, layer: int) -> torch.Tensor:
        generator = torch.Generator().manual_seed(0)
        states = torch.randn(1, tokens, self.hidden_size, generator=generator)
        return states.to(self.device(layer), self.dtype)

    def unrotated(self, layer: int, tokens: int) -> Rotation | None:
        """A rotation that leaves keys where they are; None for models without rotary positions."""
        if self.rotary is None:
            return None
        cos, sin = self.rotation(
            layer, torch.zeros(1, 1, dtype=torch.long, device=self.device(layer))
        )
        return torch.ones_like(cos).expand(-1, tokens, -1), torch.zeros_like(sin).expand(
            -1, tokens, -1
        )

    def rotates(self, layer: int) -> bool:
        """Whether the layer rotates its keys at all; some families leave every fourth layer alone."""
        if self.rotary is None:
            return False
        if layer not in self._rotates:
            probe = self._probe_states(1, layer)
            still, _ = self._tapped(layer, probe, self.unrotated(layer, 1))
            one = torch.ones(1, 1, dtype=torch.long, device=probe.device)
            turned, _ = self._tapped(layer, probe, self.rotation(layer, one))
            self._rotates[layer] = not torch.equal(still, turned)
        return self._rotates[layer]

    def rotation(self, layer: int, positions: torch.Tensor, length: int | None = None) -> Rotation:
        """The model's own cosines and sines at some positions.

        Parameters
        ----------
        layer
            Index of the decoder layer.
        positions
            Shape ``(batch, tokens)``; may be negative.
        length
            Length of the whole sequence in tokens, for rotations that depend on it.

        Returns
        -------
        cos, sin
            Each of shape ``(batch, tokens, rotary_dim)``.

        Raises
        ------
        UnsupportedModelError
            For a model without rotary positions.
        """
        if self.rotary is None:
            raise UnsupportedModelError(f"{type(self.model).__name__} has no rotary positions")
        asked = positions
        if length is not None and self.length_dependent_rotation:
            last = torch.full_like(positions[:, :1], length - 1)
            asked = torch.cat([positions, last], dim=1)  # (batch, tokens + 1)
        kind = self.layer_kind(layer)
        like = torch.empty(0, dtype=self.dtype, device=self.device(layer))
        with torch.no_grad():
            cos, sin = self.rotary(like, asked, *([] if kind is None else [kind]))
        tokens = positions.shape[1]
        return cos[:, :tokens], sin[:, :tokens]

    def rotate(
        self, layer: int, keys: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor
    ) -> torch.Tensor:
        """Turn keys to their positions with the family's own function.

        Parameters
        ----------
        keys
            Before rotation, shape ``(batch, kv_heads, tokens, head_dim)``.
        cos, sin
            From `rotation`, shape ``(batch, tokens, rotary_dim)``.
        """
        cos, sin = cos.to(keys.device), sin.to(keys.device)
        if keys.shape[-1] == cos.shape[-1] and self._turns_in_halves(layer, keys):
            return turned_halves(keys, cos, sin)
        return self._turned_by_family(layer, keys, cos, sin)

    def _turns_in_halves(self, layer: int, like: torch.Tensor) -> bool:
        """Whether the family's function gives, bit for bit, what `turned_halves` gives."""
        if layer not in self._turns_halves:
            generator = torch.Generator().manual_seed(0)
            probe = torch.randn(1, 2, 3, like.shape[-1], generator=generator).to(like)
            places = torch.tensor([[-9, 5, 70]], device=probe.device)
            cos, sin = (part.to(probe.device) for part in self.rotation(layer, places))
            family = self._turned_by_family(layer, probe, cos, sin)
            self._turns_halves[layer] = torch.equal(turned_halves(probe, cos, sin), family)
        return self._turns_halves[layer]

    def _turned_by_family(
        self, layer: int, keys: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor
    ) -> torch.Tensor:
        module = sys.modules[type(self.attentions[layer]).__module__]
        width = cos.shape[-1]
        part = keys[..., :width]
        # The family's function turns queries as well: one head of them, which nobody looks at.
        turned = module.apply_rotary_pos_emb(part[:, :1], part, cos, sin)[1]
        if width == keys.shape[-1]:
            return torch.as_tensor(turned)
        return torch.cat([turned, keys[..., width:]], dim=-1)  # (batch, kv_heads, tokens, head_dim)

    def _tapped(
        self, layer: int, hidden: torch.Tensor, rotation: Rotation | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        offered: dict[str, Any] = {
            "attention_mask": None,
            "position_ids": torch.zeros(1, hidden.shape[1], dtype=torch.long, device=hidden.device),
            "position_embeddings": rotation,
            "use_cache": True,
            self._cache_argument: Tap(),
        }
        given = {name: value for name, value in offered.items() if name in self._accepted}
        try:
            with torch.no_grad():
                # `forward`, not the call: hooks of other people, and our own capture, must not see this.
                self.layers[layer].forward(hidden, **given)
        except Tapped as tapped:
            return tapped.keys, tapped.values
        raise UnsupportedModelError(
            f"layer {layer} of {type(self.model).__name__} hands no keys and values to a cache "
            "(a state-space, linear or shared-cache layer); such a model cannot be woven exactly"
        )


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Switch dropout off while reading, and every module back to how it was."""
    training = [module for module in model.modules() if module.training] if model.training else []
    try:
        for module in training:
            module.training = False
        yield
    finally:
        for module in training:
            module.training = True


def tokens_seen(cache: Any) -> int:
    """How many tokens a key-value cache holds; 0 without one."""
    return 0 if cache is None else int(cache.get_seq_length())
