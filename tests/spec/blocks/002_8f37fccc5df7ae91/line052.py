from models.memory_entry import MemoryEntry

# Create memory entry
entry = MemoryEntry(
    hidden_state=hidden_state,
    layer_idx=layer_idx,
    sequence_id=sequence_id,
    position_idx=position_idx,
    relevance_score=relevance_score,
    timestamp=time.time()
)
