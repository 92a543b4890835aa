memory_config = {
    'target_layers': [2, 4, 6],           # Layers to capture from
    'intervention_layers': [4, 6],        # Layers to inject memory
    'max_entries_per_layer': 1000,        # Buffer size per layer
    'max_total_entries': 5000,            # Total buffer size
    'scoring_method': 'hybrid',           # Relevance scoring method
    'relevance_threshold': 0.5,           # Minimum relevance score
    'eviction_strategy': 'lru_relevance', # Memory eviction strategy
    'retrieval_strategy': 'multi_criteria' # Memory retrieval method
}
