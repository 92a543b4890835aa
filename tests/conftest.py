"""Settings of all tests."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no failure: deadlines would measure it, not the code.
settings.register_profile("reweaving", deadline=None)
settings.load_profile("reweaving")
