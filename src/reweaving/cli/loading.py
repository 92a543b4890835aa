"""The model that a command is asked to use."""

from __future__ import annotations

from typing import Any

from reweaving.errors import WeightsNotFoundError


def load_model(name: str, dtype: Any = "auto") -> tuple[Any, Any]:
    """Model and tokenizer by name or path; the embedded ones for an empty name.

    Parameters
    ----------
    dtype
        Of the weights of a named model; by default as they were saved.

    Raises
    ------
    WeightsNotFoundError
        When neither this machine nor the hub has them.
    """
    from transformers.utils import logging

    logging.disable_progress_bar()
    if not name:
        from reweaving import load_embedded

        return load_embedded()
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        model = AutoModelForCausalLM.from_pretrained(name, dtype=dtype)
        return model.eval(), AutoTokenizer.from_pretrained(name)
    except (OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise WeightsNotFoundError(
            f"the model {name!r} could not be loaded: {reason} "
            "Give the path of a folder with a causal language model, or a name that the hub knows"
        ) from error
