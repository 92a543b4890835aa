"""What Hugging Face users expect of a model, for a module around one: places, dtypes, saving, loading."""

from __future__ import annotations

import json
import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import torch
from torch import nn

from reweaving.adapters.base import BackboneAdapter
from reweaving.errors import InputError
from reweaving.memory.buffer import LayeredMemoryBuffer
from reweaving.models.loading import load_tokenizer
from reweaving.models.quantization import quantized_share
from reweaving.models.settings import CMRConfig

_CONFIG_FILE = "cmr_config.json"


class HuggingFaceModule(nn.Module, ABC):
    """A module around one causal language model, its `backbone`.

    Life: a subclass sets every attribute in its constructor. `weights_changed` is called after each
    change of weights or dtype.
    """

    backbone: Any
    tokenizer: Any
    adapter: BackboneAdapter
    memory_config: CMRConfig
    memory_buffer: LayeredMemoryBuffer

    @abstractmethod
    def weights_changed(self) -> None:
        """Fit what depends on the weights or their dtype to them."""

    @property
    def config(self) -> Any:
        """The model's own configuration."""
        return self.backbone.config

    @property
    def generation_config(self) -> Any:
        """The model's own defaults for `generate`."""
        return self.backbone.generation_config

    @property
    def device(self) -> torch.device:
        """Where token ids enter."""
        return self.adapter.entry_device

    @property
    def dtype(self) -> torch.dtype:
        """Of the residual stream."""
        return self.adapter.dtype

    def get_input_embeddings(self) -> Any:
        """The model's own token embeddings."""
        return self.backbone.get_input_embeddings()

    def get_output_embeddings(self) -> Any:
        """The model's own language-modelling head."""
        return self.backbone.get_output_embeddings()

    def save_pretrained(self, save_directory: str | os.PathLike[str], **kwargs: Any) -> None:
        """Write weights, config and tokenizer as Hugging Face does, and the memory's settings beside them.

        ``AutoModelForCausalLM.from_pretrained`` loads the plain model from there, `from_pretrained` this
        one. What is held is written by `save_memory`.

        Parameters
        ----------
        **kwargs
            As for Hugging Face's, such as ``max_shard_size``.

        Raises
        ------
        InputError
            For quantised weights: they are made from the original ones whenever these are loaded.
        """
        if quantized_share(self.backbone):
            raise InputError(
                "8-bit weights are not saved: save the model before it is quantised, and load it with "
                "use_quantization = True"
            )
        self.backbone.save_pretrained(save_directory, **kwargs)
        if self.tokenizer is not None:
            self.tokenizer.save_pretrained(save_directory)
        settings = self.memory_config.model_dump(mode="json", exclude={"model_name"})
        (Path(save_directory) / _CONFIG_FILE).write_text(json.dumps(settings, indent=2), "utf-8")

    @classmethod
    def from_pretrained(cls, folder: str | os.PathLike[str], **parts: Any) -> Self:
        """A model, and its tokenizer, from a folder of `save_pretrained`; arguments as for the class.

        Raises
        ------
        InputError
            When the folder was not written by `save_pretrained`.
        """
        path = Path(folder) / _CONFIG_FILE
        if not path.is_file():
            raise InputError(
                f"there is no {_CONFIG_FILE} in {folder}: give a folder that save_pretrained of "
                f"{cls.__name__} wrote, or use {cls.__name__}({str(folder)!r}, …)"
            )
        if "tokenizer" not in parts:
            parts["tokenizer"] = load_tokenizer(str(folder))
        return cls(str(folder), json.loads(path.read_text("utf-8")), **parts)

    def load_state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """As `nn.Module` does; what was read with other weights is dropped, with a warning."""
        result = super().load_state_dict(*args, **kwargs)
        self.weights_changed()
        return result

    def _apply(self, fn: Callable[[torch.Tensor], torch.Tensor], recurse: bool = True) -> Self:
        # What `.to()`, `.half()`, `.cuda()` and the others call.
        dtype = self.dtype
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        self.memory_buffer.to(self.device)
        if self.dtype != dtype:
            self.weights_changed()
        return self
