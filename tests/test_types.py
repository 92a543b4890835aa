"""Entries as plain dictionaries."""

from __future__ import annotations

import pytest
import torch

from reweaving.errors import InputError
from reweaving.types import MemoryEntry


def test_to_a_dictionary_and_back() -> None:
    entry = MemoryEntry(torch.ones(4), 2, "monday", 3, 0.5, text="Aurora", tags=("name",))
    values = entry.to_dict()
    assert values["hidden_state"] is entry.hidden_state
    again = MemoryEntry.from_dict(values)
    assert again.to_dict() == values
    few = MemoryEntry.from_dict(
        {"hidden_state": None, "layer_idx": 1, "sequence_id": 0, "position_idx": 0}
    )
    assert few.access_count == 0


@pytest.mark.parametrize(
    ("values", "said"),
    [({"layer_indx": 1}, "'layer_indx': did you mean 'layer_idx'"), ({"layer_idx": 1}, "missing")],
)
def test_what_is_no_entry(values: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        MemoryEntry.from_dict(values)
