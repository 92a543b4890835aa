"""`load_embedded`: the chat model that comes along, with this project's memory adapter merged in."""

from __future__ import annotations

import logging
import warnings
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import torch

from reweaving.embedded.weights import HUB_NAME, cache_folder, gguf_in_wheel, kept, not_found
from reweaving.errors import ConfigurationError, WeightsNotFoundError

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_log = logging.getLogger(__name__)

Dtype = Literal["float32", "bfloat16", "auto"]


def load_embedded(
    adapter: bool | str | Path = True,
    dtype: Dtype = "float32",
    cache_dir: str | Path | None = None,
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Load SmolLM2-135M-Instruct, by default with the memory adapter merged into its weights.

    Parameters
    ----------
    adapter : bool or path
        False for the plain model; a path for an adapter of your own in PEFT format.
    dtype : "float32", "bfloat16" or "auto"
        `auto` is bfloat16 where the processor or accelerator multiplies in it.
    cache_dir : path, optional
        Where the dequantised weights are kept; default `REWEAVING_CACHE` or the user's cache.

    Returns
    -------
    model : LlamaForCausalLM
        In evaluation mode, on the CPU.
    tokenizer

    Raises
    ------
    WeightsNotFoundError
        The weights are not on this machine and the hub cannot be reached.
    """
    if dtype not in ("float32", "bfloat16", "auto"):
        raise ConfigurationError(f"dtype is {dtype!r}; use one of 'float32', 'bfloat16', 'auto'.")
    model, tokenizer = _plain(cache_folder(cache_dir))
    if adapter is True:
        with as_file(files("reweaving.embedded") / "adapter") as folder:
            model = merged(model, folder)
    elif adapter is not False:
        model = merged(model, Path(adapter))
    cast: PreTrainedModel = model.to(dtype=torch_dtype(dtype)).eval()  # type: ignore[call-arg]
    return cast, tokenizer


def merged(model: PreTrainedModel, folder: Path) -> PreTrainedModel:
    """Return `model` with the adapter in `folder` added to its weights, in the model's own dtype."""
    if not (folder / "adapter_config.json").is_file():
        raise WeightsNotFoundError(
            f"No adapter in {folder}. Reinstall reweaving, train one with `cmr tune --out DIR`, "
            "or use load_embedded(adapter=False)."
        )
    from reweaving.embedded.lora import quiet_peft

    with quiet_peft():
        from peft import PeftModel

        whole: PreTrainedModel = PeftModel.from_pretrained(model, str(folder)).merge_and_unload()
    for name in ("peft_config", "_hf_peft_config_loaded"):  # nothing shall tell it from a plain one
        whole.__dict__.pop(name, None)
    return whole


def _plain(cache: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    gguf = gguf_in_wheel()
    if gguf is not None:
        folder = kept(gguf, cache, _convert)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
        return model, AutoTokenizer.from_pretrained(folder)
    try:
        model = AutoModelForCausalLM.from_pretrained(HUB_NAME, dtype=torch.float32)
        return model, AutoTokenizer.from_pretrained(HUB_NAME)
    except (OSError, ValueError) as error:
        raise not_found() from error


def _convert(gguf: Path, folder: Path) -> None:
    """Dequantise the GGUF file and write weights, tokenizer and configuration to `folder`."""
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    _log.info("reading %s once; its weights are kept in %s", gguf, folder.parent)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the file's own name for itself is not a hub name
        model = AutoModelForCausalLM.from_pretrained(
            str(gguf.parent),
            gguf_file=gguf.name,
            quantization_config=GgufConfig(dequantize=True),
            dtype=torch.float32,
        )
        tokenizer = AutoTokenizer.from_pretrained(str(gguf.parent), gguf_file=gguf.name)
    tokenizer.model_max_length = model.config.max_position_embeddings
    model.config.name_or_path = HUB_NAME
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def torch_dtype(dtype: Dtype) -> torch.dtype:
    """Return the dtype of that name; `auto` is bfloat16 where it is multiplied in, else float32."""
    if dtype == "auto":
        cuda = torch.cuda.is_available() and torch.cuda.is_bf16_supported()
        fast = cuda or torch.cpu._is_avx512_bf16_supported()
        return torch.bfloat16 if fast else torch.float32
    return torch.bfloat16 if dtype == "bfloat16" else torch.float32
