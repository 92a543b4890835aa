"""`reweaving.models.performance_optimization`, under the name that the CMR documents use."""

from reweaving.models.performance_optimization import *  # noqa: F403 - the list of names stands there
from reweaving.models.performance_optimization import __all__ as __all__
