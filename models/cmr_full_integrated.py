"""`reweaving.models.cmr_full_integrated`, under the name that the CMR documents use."""

from reweaving.models.cmr_full_integrated import FullCMRModel

__all__ = ["FullCMRModel"]
