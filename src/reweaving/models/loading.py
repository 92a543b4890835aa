"""From a config, a name or a model to the model, and what stands in where weights cannot be had."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import transformers as hf

from reweaving.errors import ConfigurationError, UnsupportedModelError, WeightsNotFoundError

PUBLIC_MODEL = "openai-community/gpt2"
"""What stands in for a Mistral model that cannot be reached."""

_WIDTH, _HEADS = 256, 4
_OTHER_NAMES = {"num_layers": "num_hidden_layers", "n_layer": "num_hidden_layers"}
_NEEDED = ("num_hidden_layers",)


def load_backbone(
    config: Any,
    model_name: str | None = None,
    *,
    fallback: bool = True,
    device_map: Any = None,
) -> Any:
    """The model of a config, with its weights where they can be had.

    Parameters
    ----------
    config
        A Hugging Face config; a name or path; a causal language model, which is returned as it is; or
        a namespace or dictionary with ``num_hidden_layers`` and what else is known of the shape, of
        which a small Llama is made.
    model_name
        Name or path of the weights; None for the config's own ``_name_or_path``.
    fallback
        Whether random weights, or for a Mistral public GPT-2, may stand in for named weights that
        cannot be reached. A warning says so.
    device_map
        As for `from_pretrained`; also spreads a model with random weights.

    Raises
    ------
    WeightsNotFoundError
        Without `fallback`, when the named weights cannot be reached.
    UnsupportedModelError
        For a config that is not one of a causal language model.
    ConfigurationError
        For a namespace without the number of layers, and for a device map of a model that is loaded.
    """
    if isinstance(config, hf.PreTrainedModel):
        if device_map is not None and getattr(config, "hf_device_map", None) is None:
            raise ConfigurationError(
                f"device_map = {device_map!r} spreads a model while it is loaded, and this "
                f"{type(config).__name__} is loaded already: give its name or path, or load it with device_map"
            )
        return config
    named = config if isinstance(config, str) else None
    wanted = None if named is not None else _full_config(config)
    name = model_name or named or str(getattr(wanted, "_name_or_path", "") or "")
    if not name:
        model = _random(wanted, device_map)
        warnings.warn(
            f"{type(wanted).__name__} names no weights, so they are random: what the model says means "
            "nothing. Give a name or path as model_name",
            stacklevel=2,
        )
        return model
    try:
        return _pretrained(name, wanted, device_map)
    except OSError as error:
        if not fallback:
            raise WeightsNotFoundError(
                f"the weights of {name!r} cannot be reached, and fallback = False: give the path of a "
                f"local copy as model_name, or log in with `hf auth login` ({_first_line(error)})"
            ) from error
        if _is_mistral(name, wanted):
            return _public_model(name, error, device_map)
        if wanted is None:
            raise WeightsNotFoundError(
                f"neither config nor weights of {name!r} can be reached: give the path of a local "
                f"copy, or a config ({_first_line(error)})"
            ) from error
        warnings.warn(
            f"the weights of {name!r} cannot be reached, so they are random: what the model says means "
            f"nothing ({_first_line(error)}). fallback=False refuses instead",
            stacklevel=2,
        )
        return _random(wanted, device_map)


def load_tokenizer(name: str) -> Any:
    """The tokenizer of a name or path, or None where it cannot be reached."""
    try:
        return hf.AutoTokenizer.from_pretrained(name)
    except (OSError, ValueError):
        return None


def _full_config(config: Any) -> Any:
    if isinstance(config, hf.PretrainedConfig):
        return config
    given = config if isinstance(config, Mapping) else vars(config)
    fields: dict[str, Any] = {
        _OTHER_NAMES.get(str(name), str(name)): value for name, value in given.items()
    }
    for name in _NEEDED:
        if not isinstance(fields.get(name), int) or fields[name] < 1:
            raise ConfigurationError(
                f"config.{name} = {fields.get(name)!r}: a config needs at least vocab_size and "
                "num_hidden_layers, 1 or more"
            )
    width = fields.setdefault("hidden_size", _WIDTH)
    fields.setdefault("num_attention_heads", _HEADS)
    fields.setdefault("intermediate_size", 2 * width)
    fields.setdefault("vocab_size", 50257)
    fields.setdefault("tie_word_embeddings", True)
    # A Llama's own special tokens would be ordinary ones of whatever vocabulary this is.
    special: dict[str, Any] = dict.fromkeys(("bos_token_id", "eos_token_id", "pad_token_id"))
    special.update(fields)
    return hf.LlamaConfig(**special)


def _pretrained(name: str, config: Any, device_map: Any) -> Any:
    given = {} if config is None else {"config": config}
    return hf.AutoModelForCausalLM.from_pretrained(name, device_map=device_map, **given)


def _public_model(name: str, error: OSError, device_map: Any) -> Any:
    why = f"{name!r} cannot be reached ({_first_line(error)})"
    refuse = "fallback=False refuses instead"
    try:
        model = _pretrained(PUBLIC_MODEL, None, device_map)
    except OSError:
        warnings.warn(
            f"{why}, so GPT-2 stands in; its weights cannot be reached either, so they are random: "
            f"what the model says means nothing. {refuse}",
            stacklevel=3,
        )
        return _random(hf.GPT2Config(), device_map)
    warnings.warn(f"{why}, so {PUBLIC_MODEL} stands in: use its tokenizer. {refuse}", stacklevel=3)
    return model


def _random(config: Any, device_map: Any) -> Any:
    try:
        model = hf.AutoModelForCausalLM.from_config(config)
    except ValueError as error:
        raise UnsupportedModelError(
            f"{type(config).__name__} is no config of a causal language model: {_first_line(error)}"
        ) from error
    return model if device_map is None else _spread(model, device_map)


def _spread(model: Any, device_map: Any) -> Any:
    from accelerate import dispatch_model, infer_auto_device_map

    if isinstance(device_map, str):
        whole = list(model._no_split_modules or ())
        device_map = infer_auto_device_map(model, no_split_module_classes=whole)
    return dispatch_model(model, device_map)


def _is_mistral(name: str, config: Any) -> bool:
    kind = str(getattr(config, "model_type", ""))
    return any(word in f"{name} {kind}".lower() for word in ("mistral", "mixtral", "ministral"))


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]
