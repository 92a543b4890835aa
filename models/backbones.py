"""`reweaving.models.backbones`, under the name that the CMR documents use."""

from reweaving.models.backbones import *  # noqa: F403 - the list of names stands there
from reweaving.models.backbones import __all__ as __all__
