"""`FullCMRModel`: the whole documented system in one model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Self

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from reweaving.models.base_transformer import CMRTransformer
from reweaving.models.output import CMROutput
from reweaving.models.settings import CMRConfig
from reweaving.optimization.optimizer import CMRPerformanceOptimizer
from reweaving.weaving.reconstruct import LayeredStateReconstructor

_PROJECTION_FILE = "cmr_projection.safetensors"


class FullCMRModel(CMRTransformer):
    """A model with memory, retrieval strategies, reconstruction, measurements and maintenance.

    Scores by ``attention_based`` unless told otherwise.

    Parameters
    ----------
    base_config, cmr_config
        As ``config`` and ``memory_config`` of `CMRTransformer`; see `CMRConfig`.
    output_hidden_size
        Overrides that of `cmr_config`; None for no projection.
    **parts
        As for `CMRTransformer`.
    """

    default_scoring = "attention_based"

    def __init__(
        self,
        base_config: Any,
        cmr_config: Mapping[str, Any] | CMRConfig | None = None,
        **parts: Any,
    ) -> None:
        settings = CMRConfig.of(cmr_config)
        if "output_hidden_size" in parts:
            settings = settings.replace(output_hidden_size=parts.pop("output_hidden_size"))
        super().__init__(base_config, settings, **parts)
        self._optimizer: CMRPerformanceOptimizer | None = None
        self.output_projection = _projection(
            self.adapter.hidden_size, settings.output_hidden_size, self.device, self.dtype
        )
        self.register_memory_hooks()

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        return_memory_info: bool = False,
        task_type: str | None = None,
        return_layer_outputs: bool = False,
        use_memory: bool | None = None,
    ) -> CMROutput:
        """Read token ids with what memory holds for them, and keep what is worth it.

        Parameters
        ----------
        input_ids, attention_mask
            As in `CMRTransformer.forward`.
        return_memory_info
            Also ``memory_info``: what was woven, with scores, and what was stored, entry by entry.
        task_type
            What the answer is for, where the retrieval strategy knows task types.
        return_layer_outputs
            Also ``layer_outputs``: what comes out of each target layer, ``(batch, tokens, hidden)``.
        use_memory
            False for the plain model; None or True for memory, unless it is disabled.

        Returns
        -------
        CMROutput
            ``last_hidden_state``, projected to `output_hidden_size`; ``logits``; ``hidden_states``, one
            per layer and one in front, not projected; ``memory_stats``, ``performance_stats``,
            ``retrieval_stats``; ``forward_time`` in seconds.
        """
        last = _LastLayer(self.adapter.layers[-1]) if return_layer_outputs else nullcontext()
        with last:
            outputs, done = self._read(
                input_ids, attention_mask, use_memory=use_memory is not False, task_type=task_type
            )
        hidden = outputs.hidden_states
        answer = CMROutput(
            last_hidden_state=self.output_projection(hidden[-1]),
            logits=outputs.logits,
            hidden_states=hidden,
            memory_stats=self.get_memory_stats(),
            performance_stats=self._totals.performance(done),
            retrieval_stats=self.get_retrieval_stats(done),
            forward_time=done.total_seconds,
        )
        if return_memory_info:
            answer["memory_info"] = done.described()
        if isinstance(last, _LastLayer):
            # The last of the hidden states has passed the final norm.
            layers = [*hidden[1:-1], last.output]
            answer["layer_outputs"] = {layer: layers[layer] for layer in self.target_layers}
        return answer

    @property
    def reconstructor(self) -> LayeredStateReconstructor | None:
        """What turns states into keys and values; None while no hooks are registered."""
        return None if self.reweaver is None else self.reweaver.reconstruction.reconstructor

    @property
    def optimizer(self) -> CMRPerformanceOptimizer:
        """`optimization_config` at work around this model; made when it is asked for first.

        Use its ``optimize_forward`` instead of calling the model. `cleanup` stops what runs beside it.
        """
        if self._optimizer is None:
            self._optimizer = CMRPerformanceOptimizer(self, self.memory_config.optimization_config)
        return self._optimizer

    def optimize_memory(self) -> dict[str, int]:
        """Bring what is held up to date and within its limits; says how many entries changed and went."""
        return self.memory_buffer.optimize()

    def get_memory_usage(self) -> dict[str, Any]:
        """Bytes of the model's weights and of what is held, and entries of each tier and layer."""
        held = self.memory_buffer.get_buffer_stats()
        return {
            "memory_bytes": held["total_bytes"],
            "model_bytes": sum(weight.nbytes for weight in self.backbone.parameters()),
            "total_entries": held["total_entries"],
            "total_tokens": held["total_tokens"],
            "entries_per_layer": held["entries_per_layer"],
            "entries_per_tier": held["entries_per_tier"],
        }

    def cleanup(self) -> None:
        """Forget what is held, stop what runs beside the model, and give it back as it was."""
        self.cleanup_hooks()
        self.clear_memory()

    def cleanup_hooks(self) -> None:
        """As `AttachingModule.cleanup_hooks`; what runs beside the model is stopped too."""
        if self._optimizer is not None:
            self._optimizer.close()
            self._optimizer = None
        super().cleanup_hooks()

    def save_pretrained(self, save_directory: str | os.PathLike[str], **kwargs: Any) -> None:
        """As `CMRTransformer.save_pretrained`, and the projection beside it."""
        super().save_pretrained(save_directory, **kwargs)
        if isinstance(self.output_projection, nn.Linear):
            weights = {"weight": self.output_projection.weight.detach().cpu()}
            save_file(weights, Path(save_directory) / _PROJECTION_FILE)

    @classmethod
    def from_pretrained(cls, folder: str | os.PathLike[str], **parts: Any) -> Self:
        """As `CMRTransformer.from_pretrained`, with the projection that was saved."""
        model = super().from_pretrained(folder, **parts)
        saved = Path(folder) / _PROJECTION_FILE
        if saved.is_file() and isinstance(model.output_projection, nn.Linear):
            with torch.no_grad():
                model.output_projection.weight.copy_(load_file(saved)["weight"])
        return model


class _LastLayer:
    """What came out of a layer in the last pass of a `with`, before any norm behind it."""

    output: torch.Tensor

    def __init__(self, layer: nn.Module) -> None:
        self._layer = layer

    def __enter__(self) -> Self:
        self._handle = self._layer.register_forward_hook(self._see)
        return self

    def __exit__(self, *_: object) -> None:
        self._handle.remove()

    def _see(self, _: nn.Module, __: Any, output: Any) -> None:
        self.output = output if isinstance(output, torch.Tensor) else output[0]


def _projection(
    hidden_size: int, output_size: int | None, device: torch.device, dtype: torch.dtype
) -> nn.Module:
    """The same rows of an orthogonal matrix in every process, so that results can be compared."""
    if output_size is None or output_size == hidden_size:
        return nn.Identity()
    made = nn.Linear(hidden_size, output_size, bias=False)
    nn.init.orthogonal_(made.weight, generator=torch.Generator().manual_seed(0))
    return made.eval().to(device, dtype)
