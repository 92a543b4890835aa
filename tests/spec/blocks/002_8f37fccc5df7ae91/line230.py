memory_config = {
    'target_layers': [6, 9, 11],
    'buffer_size': 1000,
    'relevance_threshold': 0.7,
    'scoring_method': 'hybrid',
    'max_states_per_layer': 50
}
