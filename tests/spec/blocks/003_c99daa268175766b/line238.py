# Memory configuration
memory_config = {
'target_layers': [4, 8, 12], # Layers to capture from
'max_entries_per_layer': 1000, # Buffer size per layer
'scoring_method': 'hybrid', # Relevance scoring method
'relevance_threshold': 0.5, # Minimum relevance score
'eviction_strategy': 'lru_relevance' # Memory eviction strategy
}
# Retrieval configuration
retrieval_config = {
'strategy': 'multi_criteria', # Retrieval strategy
'similarity_threshold': 0.7, # Similarity threshold
'context_heads': 8, # Contextual scorer heads
'cache_size': 1000, # Retrieval cache size
'max_clusters': 32, # Hierarchical clustering granularity
'criteria_weights': { # Multi-criteria weights
'relevance': 0.4,
'similarity': 0.3,
'recency': 0.2,
'diversity': 0.1
}
}
# Memory selection count is controlled at call time via RetrievalContext.retrieval_budget
# Optimization configuration
optimization_config = {
'enable_adaptive_thresholds': True, # Enable adaptive thresholds
'enable_batch_optimization': True, # Enable batch optimization
'enable_prefetching': True, # Enable memory prefetching
'enable_background_optimization': True # Enable background tasks
}
