"""The model that a command is asked to use."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from reweaving.errors import WeightsNotFoundError

DeviceOption = Annotated[
    str,
    typer.Option(help="auto for the best this machine has, or cpu, cuda, cuda:1, mps, xla."),
]


def load_model(name: str, dtype: Any = "auto", device: str = "cpu") -> tuple[Any, Any]:
    """Model and tokenizer by name or path; the embedded ones for an empty name.

    Parameters
    ----------
    dtype
        Of the weights of a named model; by default as they were saved.
    device
        Where they lie; see `reweaving.models.devices.resolve_device`.

    Raises
    ------
    ConfigurationError
        For a device that is none, or is not on this machine.
    WeightsNotFoundError
        When neither this machine nor the hub has them.
    """
    from transformers.utils import logging

    from reweaving.models.devices import resolve_device

    place = resolve_device(device, fallback=False)
    logging.disable_progress_bar()
    if not name:
        from reweaving import load_embedded

        model, tokenizer = load_embedded()
        return model.to(device=place), tokenizer  # type: ignore[call-arg]
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        # Not moved afterwards: quantised weights cannot be.
        model = AutoModelForCausalLM.from_pretrained(name, dtype=dtype, device_map=place)
        return model.eval(), AutoTokenizer.from_pretrained(name)
    except (OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise WeightsNotFoundError(
            f"the model {name!r} could not be loaded: {reason} "
            "Give the path of a folder with a causal language model, or a name that the hub knows"
        ) from error
