"""`reweaving.models.base_transformer`, under the name that the CMR documents use."""

from reweaving.models.base_transformer import CMRTransformer

__all__ = ["CMRTransformer"]
