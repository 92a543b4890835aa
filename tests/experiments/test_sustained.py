"""How long the soak goes on is a number of seconds, or refused before anything is measured."""

from __future__ import annotations

import pytest

from reweaving.errors import ConfigurationError
from reweaving.experiments.sustained import _soak_seconds


@pytest.mark.parametrize("given", ["-1", "nan", "inf", "-inf", "an hour", ""])
def test_what_is_no_number_of_seconds_is_refused(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMR_SOAK_SECONDS", given)
    with pytest.raises(ConfigurationError, match="CMR_SOAK_SECONDS"):
        _soak_seconds()


@pytest.mark.parametrize(("given", "seconds"), [(None, 0.0), ("0", 0.0), ("1.5", 1.5)])
def test_a_number_of_seconds_is_taken_and_none_is_no_soak(
    given: str | None, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CMR_SOAK_SECONDS", raising=False)
    if given is not None:
        monkeypatch.setenv("CMR_SOAK_SECONDS", given)
    assert _soak_seconds() == seconds
