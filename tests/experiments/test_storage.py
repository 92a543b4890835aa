"""What the storage bench weighs is what the store keeps."""

from __future__ import annotations

import pytest

from reweaving.experiments.storage import CODECS, _weight


@pytest.mark.parametrize("name", CODECS)
def test_the_weight_with_the_key_is_that_of_the_payload_and_of_one_state_a_token(name: str) -> None:
    found = _weight(name)
    # A state of 4,096 numbers of two bytes for each token, shared among 32 layers.
    more = found["bytes_per_layer_token_with_key"] - found["bytes_per_layer_token"]
    assert more == pytest.approx(2 * 4096 / 32)
    assert found["of_bf16_kv"] == pytest.approx(found["bytes_per_layer_token"] / 4096)
