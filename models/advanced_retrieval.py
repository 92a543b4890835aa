"""`reweaving.models.advanced_retrieval`, under the name that the CMR documents use."""

from reweaving.models.advanced_retrieval import *  # noqa: F403 - the list of names stands there
from reweaving.models.advanced_retrieval import __all__ as __all__
