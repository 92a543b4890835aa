"""`reweaving.models.cmr_integrated`, under the name that the CMR documents use."""

from reweaving.models.cmr_integrated import IntegratedCMRModel

__all__ = ["IntegratedCMRModel"]
