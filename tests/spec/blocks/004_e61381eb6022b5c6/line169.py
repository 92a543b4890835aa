reconstruction_config = {
    'method': 'hierarchical',
    'integration_method': 'weighted_sum',
    'memory_weight': 0.3,
    'max_memory_tokens': 128,
    'compression_ratio': 0.6
}
