from models.advanced_retrieval import AdvancedMemoryRetriever, RetrievalContext

# Initialize retriever
retriever = AdvancedMemoryRetriever(hidden_size, memory_buffer, retrieval_config)

# Create retrieval context
context = RetrievalContext(
    current_sequence_id=seq_id,
    current_layer_idx=layer_idx,
    current_hidden_states=hidden_states,
    retrieval_budget=10
)

# Retrieve memories
memories = retriever.retrieve_memories(context, strategy="multi_criteria")
