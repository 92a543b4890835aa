"""`reweaving.models.mistral_integration`, under the name that the CMR documents use."""

from reweaving.models.mistral_integration import MistralCMRModel, create_mistral_cmr_model

__all__ = ["MistralCMRModel", "create_mistral_cmr_model"]
