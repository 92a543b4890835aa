"""The adapter itself: which layers it touches, and how it is written (PEFT format, half precision)."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file, save_file

from reweaving.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peft import PeftModel
    from transformers import PreTrainedModel

_MODULES = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
_WEIGHTS = "adapter_model.safetensors"


def with_lora(model: PreTrainedModel, rank: int, first_layer: int) -> PeftModel:
    """Wrap `model` with a fresh adapter on all linear parts of the layers from `first_layer` on.

    The layers below stay those of the plain model, and so do the keys that recall reads there.
    """
    with quiet_peft():
        from peft import LoraConfig, get_peft_model

    named = {name.rpartition(".")[2] for name, _ in model.named_modules()}
    modules = [name for name in _MODULES if name in named]
    layers = range(first_layer, model.config.get_text_config().num_hidden_layers)
    config = LoraConfig(
        r=rank,
        lora_alpha=2 * rank,
        target_modules=modules or "all-linear",
        layers_to_transform=list(layers) if modules else None,
        task_type="CAUSAL_LM",
    )
    with quiet_peft():
        return get_peft_model(model, config)


@contextmanager
def quiet_peft() -> Iterator[None]:
    """Leave out what PEFT and bitsandbytes, which it imports, say here: no user can act on it.

    That is a warning about an older name, and that bitsandbytes lacks a kernel for 4-bit weights.
    """
    kernels = logging.getLogger("bitsandbytes.backends.cpu.ops")
    level = kernels.level
    kernels.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
            yield
    finally:
        kernels.setLevel(level)


def begin_from(model: PeftModel, folder: Path) -> None:
    """Give a fresh adapter the weights of another one, of the same layers and at most its rank.

    Ranks that the other one has not are left as they are, random times zero: the model answers as
    with the other one until it is trained.

    Raises
    ------
    ConfigurationError
        The other adapter has other layers or scales, or more ranks.
    """
    saved = load_file(folder / _WEIGHTS)
    its = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
    own = {n.replace(".default", ""): w for n, w in model.named_parameters() if w.requires_grad}
    rank = min(min(weight.shape) for weight in own.values())
    if own.keys() != saved.keys() or its["r"] > rank or its["lora_alpha"] != 2 * its["r"]:
        raise ConfigurationError(
            f"{folder} cannot be continued: it has rank {its['r']}, alpha {its['lora_alpha']} and "
            f"{len(saved)} matrices, this one rank {rank}, alpha {2 * rank} and {len(own)}; "
            "give the layers and at least the rank that it was trained with."
        )
    for name, weight in own.items():
        part = saved[name].to(weight)
        weight.data[: part.shape[0], : part.shape[1]] = part


def save_adapter(model: PeftModel, folder: Path, base: str) -> None:
    """Write the adapter to `folder`, replacing what was there only when all of it is written."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".adapter-", dir=folder.parent))
    try:
        model.save_pretrained(str(fresh))
        (fresh / "README.md").unlink(missing_ok=True)
        tensors = load_file(fresh / _WEIGHTS)
        save_file({k: v.to(torch.float16) for k, v in tensors.items()}, fresh / _WEIGHTS)
        path = fresh / "adapter_config.json"
        config = json.loads(path.read_text(encoding="utf-8"))
        config |= {"base_model_name_or_path": base, "inference_mode": True}
        path.write_text(json.dumps(config, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        (fresh / _WEIGHTS).chmod(0o644)
        fresh.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
