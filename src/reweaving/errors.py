"""Everything that reweaving raises, as one tree.

    ReweavingError
    ├── ConfigurationError (ValueError)   a setting of the wrong name, type or range
    │   └── RegistryError                 a name that no table knows, or that two parts claim
    ├── InputError (ValueError)           a request, text or tensor that cannot be served
    │   └── AmbiguousIdError              the beginning of an id that several entries share
    ├── ModelError                        a model that cannot be loaded or used
    │   ├── UnsupportedModelError         its architecture cannot be woven; the message says why
    │   ├── ConformanceError              the probe at attach measured that weaving would not be exact
    │   ├── FingerprintError              states of another model
    │   └── WeightsNotFoundError          the embedded model or its adapter is not on this machine
    ├── AttachmentError (RuntimeError)    attached twice, used after detach, nested where it may not be
    │   └── HookConflictError             two hooks that would change the same states
    └── StoreError                        the memory on disk
        ├── DamagedEntryError             what was read is not what was written; names the entry
        ├── ArchiveError                  an archive that is damaged, hostile, or does not fit
        │   └── ArchiveModelError         … because its states are another model's (FingerprintError)
        ├── StoreFormatError              not a store, or one of a newer format
        ├── KeyRefusedError               encrypted with another key, or opened without one
        ├── CapacityError                 no room, and nothing that may be evicted
        ├── ConflictError                 another writer was faster
        └── StoreClosedError              used after close

Every message says what happened, with which value, and what to do now.
"""

from __future__ import annotations


class ReweavingError(Exception):
    """Base of everything that this package raises on purpose."""


class ConfigurationError(ReweavingError, ValueError):
    """A setting has an unknown name, the wrong type, or lies outside its range."""


class RegistryError(ConfigurationError):
    """A registry knows no such name, or two parts claim the same one."""


class InputError(ReweavingError, ValueError):
    """A request, text or tensor cannot be served as it is; memory is unchanged."""


class AmbiguousIdError(InputError):
    """The beginning of an id that several entries share; the message lists them."""


class ModelError(ReweavingError):
    """A model cannot be loaded or used."""


class UnsupportedModelError(ModelError):
    """The model's architecture cannot be woven exactly; the message names the reason."""


class ConformanceError(ModelError):
    """The probe at `attach` measured a difference between woven and one-pass logits."""


class FingerprintError(ModelError):
    """States were captured from another model than the one attached."""


class WeightsNotFoundError(ModelError):
    """Model or adapter weights are not on this machine; the message holds the commands."""


class AttachmentError(ReweavingError, RuntimeError):
    """A model is attached twice, or a memory is used after `detach`."""


class HookConflictError(AttachmentError):
    """Two interventions would change the same states; the message names the one that is there."""


class StoreError(ReweavingError):
    """The durable memory could not do what was asked."""


class DamagedEntryError(StoreError):
    """A stored entry does not match its checksum; the message names the entry.

    Parameters
    ----------
    message
        What happened and what to do.
    reason
        What is wrong with the entry, alone.
    """

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason or message


class ArchiveError(StoreError):
    """An archive is refused whole; the message names the member and the reason."""


class ArchiveModelError(ArchiveError, FingerprintError):
    """An archive's states are those of another model than the namespace's."""


class StoreFormatError(StoreError):
    """The path holds no store of this project, or one of a newer format."""


class CapacityError(StoreError):
    """New entries do not fit the limits, and what is there is pinned; nothing was stored."""


class ConflictError(StoreError):
    """Another writer changed the namespace since this change was worked out; nothing was written."""


class KeyRefusedError(StoreError):
    """The store is encrypted and the key is missing or another one, or it is not and a key was given."""


class StoreClosedError(StoreError):
    """The store was used after `close`."""
