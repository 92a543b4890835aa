"""The names of the CMR documents, for a checkout: `from models import CMRTransformer`.

Never in the wheel, where it would shadow the users' own `models`: there, `reweaving.models` is the name.
"""

from reweaving.models import *  # noqa: F403 - the list of names stands there
from reweaving.models import __all__ as __all__
