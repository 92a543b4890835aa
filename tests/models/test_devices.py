"""Names of devices, and devices that are not there."""

from __future__ import annotations

import pytest
import torch

from reweaving.errors import ConfigurationError
from reweaving.models.devices import resolve_device


def test_auto_takes_the_best_device_of_this_machine() -> None:
    best = "cuda" if torch.cuda.is_available() else "cpu"
    best = "mps" if best == "cpu" and torch.backends.mps.is_available() else best
    assert resolve_device("auto").type == best
    assert resolve_device(torch.device("cpu")) == torch.device("cpu")


@pytest.mark.parametrize("name", ["cuda:63", "gpu:63", "mps:63", "tpu", "xla"])
def test_a_device_that_is_not_there(name: str) -> None:
    with pytest.warns(UserWarning, match=f"'{name}' is not on this machine"):
        assert resolve_device(name) == torch.device("cpu")
    with pytest.raises(ConfigurationError, match=f"'{name}' is not on this machine"):
        resolve_device(name, fallback=False)


@pytest.mark.parametrize("name", ["cdua", "cuda:first", "", "cuda:"])
def test_a_name_that_is_none(name: str) -> None:
    with pytest.raises(ConfigurationError, match="use auto, cpu, cuda, mps or xla"):
        resolve_device(name)
