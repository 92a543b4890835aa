@dataclass
class MemoryEntry:
    hidden_state: torch.Tensor    # Stored representation
    layer_idx: int               # Layer index
    sequence_id: int             # Sequence identifier
    position_idx: int            # Position in sequence
    relevance_score: float       # Relevance score
    timestamp: float             # Creation time
    access_count: int = 0        # Access frequency
    last_access: float = 0.0     # Last access time
