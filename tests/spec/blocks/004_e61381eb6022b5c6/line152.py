retrieval_config = {
    'similarity_threshold': 0.7,
    'context_heads': 8,
    'criteria_weights': {
        'relevance': 0.4,
        'similarity': 0.3,
        'recency': 0.2,
        'diversity': 0.1
    }
}
