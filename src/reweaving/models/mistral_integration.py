"""`MistralCMRModel`: a Mistral with a memory at a quarter, half and three quarters of its depth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from reweaving.errors import InputError
from reweaving.models.cmr_full_integrated import FullCMRModel
from reweaving.models.loading import load_tokenizer
from reweaving.models.quantization import quantized_share
from reweaving.models.settings import CMRConfig

DEFAULT_MODEL = "mistralai/Ministral-8B-Instruct-2410"

_DEPTHS = (0.25, 0.5, 0.75)


class MistralCMRModel(FullCMRModel):
    """`FullCMRModel` with a Mistral's settings: its own layers, its own tokenizer, text in and text out.

    Public GPT-2 stands in, with a warning, for a Mistral that cannot be reached.

    Parameters
    ----------
    model_name
        Name or path, a config, or a model.
    memory_config
        See `CMRConfig`. Without ``target_layers``, those at 25, 50 and 75 % of the depth; states are
        not projected unless ``output_hidden_size`` says so.
    use_quantization
        Eight bits per weight.
    device
        ``auto`` takes the best device that this machine has; None for that of `memory_config`, else ``auto``.
    max_memory_gb
        Most gigabytes (10⁹ bytes) of states held.
    tokenizer
        None for the model's own, where it can be reached.
    **parts
        As for `CMRTransformer`.
    """

    def __init__(
        self,
        model_name: Any = DEFAULT_MODEL,
        memory_config: Mapping[str, Any] | CMRConfig | None = None,
        use_quantization: bool = False,
        device: str | torch.device | None = None,
        max_memory_gb: float | None = None,
        *,
        tokenizer: Any = None,
        **parts: Any,
    ) -> None:
        settings = CMRConfig.of(
            {"output_hidden_size": None, "device": "auto", **dict(memory_config or {})},
            device=None if device is None else str(device),
            max_memory_gb=max_memory_gb,
            use_quantization=use_quantization or None,
            fallback=parts.pop("fallback", None),
        )
        super().__init__(model_name, settings, tokenizer=tokenizer, **parts)

    @classmethod
    def default_tokenizer(cls, backbone: Any) -> Any:
        """The tokenizer of the weights that were loaded, where it can be reached."""
        name = str(getattr(backbone.config, "_name_or_path", "") or "")
        return load_tokenizer(name) if name else None

    @classmethod
    def default_layers(cls, depth: int) -> tuple[int, ...]:
        """A quarter, half and three quarters of the depth."""
        return tuple(sorted({int(depth * share) for share in _DEPTHS}))

    def generate_with_memory(
        self,
        prompt: str,
        max_length: int = 256,
        temperature: float = 0.7,
        use_memory: bool = True,
    ) -> str:
        """Continue a text; what is read and written is kept.

        Parameters
        ----------
        prompt
            What to continue.
        max_length
            Most tokens of prompt and continuation together.
        temperature
            0 takes the likeliest token each time.
        use_memory
            False for the plain model.

        Returns
        -------
        str
            The continuation alone.

        Raises
        ------
        InputError
            Without a tokenizer, or for a prompt that leaves no room.
        """
        if self.tokenizer is None:
            raise InputError(
                "the tokenizer of this model cannot be reached: give one as tokenizer=, or use generate "
                "with token ids"
            )
        given = self.tokenizer(prompt, return_tensors="pt")
        ids, mask = given["input_ids"], given["attention_mask"]
        if ids.shape[1] >= max_length:
            raise InputError(
                f"max_length = {max_length} tokens but the prompt has {ids.shape[1]} already; give more"
            )
        sampling: dict[str, Any] = {"do_sample": temperature > 0}
        if temperature > 0:
            sampling["temperature"] = temperature
        output = self.generate(
            ids,
            mask,
            use_memory=use_memory,
            max_length=max_length,
            **sampling,
        )
        text: str = self.tokenizer.decode(output[0, ids.shape[1] :], skip_special_tokens=True)
        return text

    def get_mistral_stats(self) -> dict[str, Any]:
        """What the model is and what its memory holds."""
        config = self.adapter.config
        return {
            "model_name": str(getattr(self.config, "_name_or_path", "") or ""),
            "model_type": config.model_type,
            "is_mistral": "mistral" in str(config.model_type),
            "layers": len(self.adapter.layers),
            "memory_layers": list(self.target_layers),
            "sliding_window": getattr(config, "sliding_window", None),
            "device": str(self.device),
            "dtype": str(self.dtype).removeprefix("torch."),
            "quantized_share": quantized_share(self.backbone),
            **self.get_memory_usage(),
            "memory_stats": self.get_memory_stats(),
        }


def create_mistral_cmr_model(
    model_name: Any = DEFAULT_MODEL,
    use_quantization: bool = False,
    device: str | torch.device | None = None,
    **parts: Any,
) -> MistralCMRModel:
    """A Mistral with a memory; arguments are those of `MistralCMRModel`."""
    return MistralCMRModel(model_name, use_quantization=use_quantization, device=device, **parts)
