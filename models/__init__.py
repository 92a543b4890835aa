"""The names of the CMR documents, for a checkout: `from models import CMRTransformer`.

Never in the wheel, where it would shadow the users' own `models`: there, `reweaving.models` is the name.
"""

from reweaving.models import (
    CMRTransformer,
    FullCMRModel,
    IntegratedCMRModel,
    LayeredMemoryBuffer,
    MemoryEntry,
    MistralCMRModel,
    RelevanceScorer,
    create_mistral_cmr_model,
)

__all__ = [
    "CMRTransformer",
    "FullCMRModel",
    "IntegratedCMRModel",
    "LayeredMemoryBuffer",
    "MemoryEntry",
    "MistralCMRModel",
    "RelevanceScorer",
    "create_mistral_cmr_model",
]
