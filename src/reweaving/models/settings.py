"""The documented configuration dictionaries, checked: keys, other names, defaults and ranges."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Self

import torch
from pydantic import Field, ValidationInfo, field_validator

from reweaving.config import Settings
from reweaving.errors import ConfigurationError
from reweaving.memory.eviction.base import EVICTION_POLICIES
from reweaving.models.devices import check_device_name
from reweaving.optimization.optimizer import OptimizationConfig
from reweaving.retrieval.advanced import AdvancedRetrievalConfig
from reweaving.retrieval.base import STRATEGIES
from reweaving.scoring.base import SCORERS
from reweaving.weaving.settings import ReconstructionConfig

_ALIASES = {"buffer_size": "max_entries_per_layer"}
_PARTS: dict[str, type[Settings]] = {
    "retrieval_config": AdvancedRetrievalConfig,
    "reconstruction_config": ReconstructionConfig,
    "optimization_config": OptimizationConfig,
}


class CMRConfig(Settings):
    """What the documents call ``memory_config`` and ``cmr_config``.

    Parameters
    ----------
    target_layers
        Layers to capture; None for all. Those that the model does not have are named in a warning.
    intervention_layers
        Which of them memory is woven into; None for all of them.
    max_entries_per_layer
        Most entries held of each layer; ``buffer_size`` is another name for it.
    max_total_entries
        Most entries held of all layers together.
    max_states_per_layer
        Most tokens of one pass that are kept at each layer, the most relevant spans first; None for all.
    scoring_method
        Name in the table of scorers; None for the model's default.
    relevance_threshold
        Spans below it are not kept, in [0, 1].
    eviction_strategy
        Who goes first; a name in the table of eviction policies.
    retrieval_strategy
        Name in the table of retrieval strategies; None for that of `retrieval_config`, else
        ``multi_criteria``.
    retrieval_budget
        Most entries woven into one request.
    max_memory_gb
        Most gigabytes (10⁹ bytes) of states held; None for no limit.
    device
        ``auto``, ``cpu``, ``cuda``, ``mps`` or ``xla``; None leaves the model where it is.
    device_map
        Spreads the model over devices, as accelerate does: ``auto``, ``balanced``, or module to device.
    use_quantization
        Eight bits per weight.
    model_name
        Name or path of the weights; None for the config's own ``_name_or_path``.
    fallback
        Whether something else may stand in, with a warning, for weights or a device that cannot be had.
    output_hidden_size
        Width to which `FullCMRModel` projects ``last_hidden_state``; None for no projection.
    retrieval_config, reconstruction_config, optimization_config
        Settings of the parts with these names: `AdvancedRetrievalConfig`, `ReconstructionConfig` (None to
        weave exactly) and `OptimizationConfig`.
    """

    target_layers: tuple[int, ...] | None = Field(default=None, min_length=1)
    intervention_layers: tuple[int, ...] | None = Field(default=None, min_length=1)
    max_entries_per_layer: int = Field(default=1000, gt=0)
    max_total_entries: int = Field(default=5000, gt=0)
    max_states_per_layer: int | None = Field(default=None, gt=0)
    scoring_method: str | None = None
    relevance_threshold: float = Field(default=0.5, ge=0.0, le=1.0)
    eviction_strategy: str = "lru_relevance"
    retrieval_strategy: str | None = None
    retrieval_budget: int = Field(default=4, gt=0)
    max_memory_gb: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    device: str | None = None
    device_map: str | dict[str, str | int] | None = None
    use_quantization: bool = False
    model_name: str | None = Field(default=None, min_length=1)
    fallback: bool = True
    output_hidden_size: int | None = Field(default=256, gt=0)
    retrieval_config: dict[str, Any] = Field(default_factory=dict)
    reconstruction_config: dict[str, Any] | None = None
    optimization_config: dict[str, Any] | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any] | CMRConfig | None, **overrides: Any) -> Self:
        """Settings from a dictionary as it is documented; overrides that are None do not count.

        Raises
        ------
        ConfigurationError
            For an unknown key (naming the nearest known one), a wrong value (naming key, value and
            range), or one setting under both of its names.
        """
        values = {str(name): value for name, value in dict(given or {}).items()}
        known = [*cls.model_fields, *_ALIASES]
        for name in values:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            if name not in known and near and near[0] in _ALIASES:
                raise ConfigurationError(
                    f"{cls.__name__} has no setting {name!r}: did you mean {near[0]!r}?"
                )
        for other, name in _ALIASES.items():
            if other in values and name in values:
                raise ConfigurationError(
                    f"{other} = {values[other]!r} and {name} = {values[name]!r} are two names of one "
                    f"setting; give {name} alone"
                )
            if other in values:
                values[name] = values.pop(other)
        values.update({name: value for name, value in overrides.items() if value is not None})
        if isinstance(values.get("device"), torch.device):
            values["device"] = str(values["device"])
        return cls(**values)

    @field_validator("scoring_method")
    @classmethod
    def _known_scorer(cls, name: str | None) -> str | None:
        if name is not None:
            SCORERS.get(name)
        return name

    @field_validator("eviction_strategy")
    @classmethod
    def _known_policy(cls, name: str) -> str:
        EVICTION_POLICIES.get(name)
        return name

    # Settings of the parts are checked now, not when a part is first used.

    @field_validator("retrieval_strategy")
    @classmethod
    def _known_strategy(cls, name: str | None) -> str | None:
        if name is not None:
            STRATEGIES.get(name)
        return name

    @field_validator("device")
    @classmethod
    def _known_device(cls, name: str | None) -> str | None:
        if name is not None:
            check_device_name(name)
        return name

    @field_validator("retrieval_config", "reconstruction_config", "optimization_config")
    @classmethod
    def _known_settings(
        cls, given: dict[str, Any] | None, info: ValidationInfo
    ) -> dict[str, Any] | None:
        if given is not None:
            _PARTS[str(info.field_name)](**given)
        return given

    @property
    def retrieval_settings(self) -> dict[str, Any]:
        """`retrieval_config`, with the strategy under its name there.

        Raises
        ------
        ConfigurationError
            When both name a strategy, and not the same.
        """
        inside = self.retrieval_config.get("strategy")
        if self.retrieval_strategy is None:
            return self.retrieval_config
        if inside not in (None, self.retrieval_strategy):
            raise ConfigurationError(
                f"retrieval_strategy = {self.retrieval_strategy!r} and retrieval_config['strategy'] = "
                f"{inside!r} are two names of one setting; give one of them"
            )
        return {**self.retrieval_config, "strategy": self.retrieval_strategy}

    @property
    def max_memory_bytes(self) -> int | None:
        """`max_memory_gb` in bytes."""
        return None if self.max_memory_gb is None else int(self.max_memory_gb * 1e9)
