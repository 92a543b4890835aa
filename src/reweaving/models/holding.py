"""What a model with a memory holds: counted, searched in another way, cleared, saved."""

from __future__ import annotations

import os
from typing import Any

from reweaving.models.hugging_face import HuggingFaceModule
from reweaving.models.passes import MemoryPass, Totals
from reweaving.retrieval.advanced import AdvancedMemoryRetriever
from reweaving.retrieval.base import STRATEGIES
from reweaving.weaving.settings import ReconstructionConfig


class HoldingModule(HuggingFaceModule):
    """A Hugging Face module with a buffer of entries, and a retriever over it.

    Life: as `HuggingFaceModule`.
    """

    retriever: AdvancedMemoryRetriever
    reconstruction_enabled: bool
    memory_enabled: bool
    current_sequence_id: int
    _totals: Totals

    def set_retrieval_strategy(self, strategy: str) -> None:
        """Search by another strategy from now on.

        Raises
        ------
        RegistryError
            For an unknown name; the strategy stays what it was.
        """
        STRATEGIES.get(strategy)
        self.retriever.config = self.retriever.config.replace(strategy=strategy)

    def set_reconstruction_method(self, method: str) -> None:
        """Turn states into memory by another method from now on; see `ReconstructionConfig`.

        Raises
        ------
        ConfigurationError
            For an unknown method; it stays what it was.
        """
        given = {**(self.memory_config.reconstruction_config or {}), "method": method}
        ReconstructionConfig(**given)
        self.memory_config = self.memory_config.replace(reconstruction_config=given)
        self.weights_changed()

    def enable_reconstruction(self, enabled: bool = True) -> None:
        """Weave what is recalled, or only recall and report it."""
        self.reconstruction_enabled = enabled

    def clear_memory(self) -> int:
        """Forget everything that is held; returns how many entries there were."""
        return self.memory_buffer.clear_all()

    def save_memory(self, path: str | os.PathLike[str]) -> None:
        """Write everything that is held to one file; see `LayeredMemoryBuffer.save_state`."""
        self.memory_buffer.save_state(path)

    def load_memory(self, path: str | os.PathLike[str]) -> None:
        """Hold what is in a file of `save_memory` instead of what is held.

        Raises
        ------
        FingerprintError
            At the next recall, when the entries are another model's.
        """
        self.memory_buffer.load_state(path)
        numbers = [e.sequence_id for e in self.memory_buffer.get_all_entries()]
        known = [number for number in numbers if isinstance(number, int)]
        self.current_sequence_id = max([self.current_sequence_id, *known])

    def get_memory_stats(self) -> dict[str, Any]:
        """What is held now.

        Returns
        -------
        dict
            ``total_captured_states`` (entries, counted in every layer they hold), ``layers_with_memory``,
            and what `LayeredMemoryBuffer.get_buffer_stats` counts.
        """
        held = self.memory_buffer.get_buffer_stats()
        layers: dict[int, int] = held["entries_per_layer"]
        return {
            "total_captured_states": sum(layers.values()),
            "layers_with_memory": [layer for layer, count in layers.items() if count],
            "memory_enabled": self.memory_enabled,
            "current_sequence_id": self.current_sequence_id,
            **held,
        }

    def get_retrieval_stats(self, done: MemoryPass | None = None) -> dict[str, Any]:
        """What recall did, in one pass (where it is given) and in all of them."""
        asked = self.retriever.get_retrieval_stats()
        now = self._totals.retrieval(done or MemoryPass())
        return {"strategy": self.retriever.config.strategy, **asked, **now}
