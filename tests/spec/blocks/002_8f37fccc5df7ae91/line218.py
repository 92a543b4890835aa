model_config = {
    'hidden_size': 768,
    'num_layers': 12,
    'num_attention_heads': 12,
    'intermediate_size': 3072,
    'max_position_embeddings': 2048
}
