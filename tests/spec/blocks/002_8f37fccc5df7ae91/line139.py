from models.performance_optimization import CMRPerformanceOptimizer

# Initialize optimizer
optimizer = CMRPerformanceOptimizer(cmr_model, optimization_config)

# Optimize forward pass
optimized_outputs = optimizer.optimize_forward(input_ids, attention_mask)
