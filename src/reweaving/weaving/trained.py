"""Weights that `cmr train-blender` made: one folder with a safetensors file that says for which model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from reweaving.errors import ConfigurationError, FingerprintError, WeightsNotFoundError

if TYPE_CHECKING:
    from torch import nn

    from reweaving.weaving.settings import ReconstructionConfig

_FILE = "blender.safetensors"
_FORMAT = "1"


def write_weights(
    folder: Path,
    modules: Mapping[str, nn.Module],
    config: ReconstructionConfig,
    fingerprint: str,
    measured: Mapping[str, float],
) -> Path:
    """Write every module's weights, with the settings and the model that they are for.

    Parameters
    ----------
    measured
        What training measured, kept beside the weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        f"{part}.{name}": tensor.detach().contiguous().cpu()
        for part, module in modules.items()
        for name, tensor in module.state_dict().items()
    }
    about = {
        "format": _FORMAT,
        "method": config.method,
        "integration_method": config.integration_method,
        "fingerprint": fingerprint,
        "measured": json.dumps(dict(measured)),
    }
    path = folder / _FILE
    partial = path.with_suffix(".partial")
    save_file(tensors, partial, metadata=about)
    partial.replace(path)
    return path


def read_weights(
    folder: Path,
    modules: Mapping[str, nn.Module],
    config: ReconstructionConfig,
    fingerprint: str,
) -> None:
    """Fill the modules with weights.

    Raises
    ------
    WeightsNotFoundError
        When the folder holds none, or a file that cannot be read.
    FingerprintError
        When they were trained on another model.
    ConfigurationError
        When they were trained for another method or for other layers.
    """
    path = Path(folder) / _FILE
    try:
        with safe_open(path, "pt") as file:
            about = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise WeightsNotFoundError(
            f"no trained weights could be read from {path}: {error}; make them with "
            f"`cmr train-blender --method {config.method} --out {folder}`"
        ) from error
    if about.get("fingerprint") != fingerprint:
        raise FingerprintError(
            f"the weights in {path} were trained on model {about.get('fingerprint')}, not on the attached "
            f"one ({fingerprint}); train them again with `cmr train-blender`"
        )
    wanted = {
        f"{part}.{name}": tensor
        for part, module in modules.items()
        for name, tensor in module.state_dict().items()
    }
    trained_for = (about.get("method"), about.get("integration_method"))
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    if trained_for != (config.method, config.integration_method) or shapes != {
        name: tuple(tensor.shape) for name, tensor in wanted.items()
    }:
        raise ConfigurationError(
            f"the weights in {path} are for method {trained_for[0]!r} with {trained_for[1]!r} and the layers "
            f"they were trained with, not for {config.method!r} with {config.integration_method!r} here; "
            "train them again with the same settings"
        )
    for part, module in modules.items():
        own = {
            name.removeprefix(f"{part}."): tensor
            for name, tensor in tensors.items()
            if name.startswith(f"{part}.")
        }
        module.load_state_dict(own)
