from models.relevance_scorer import RelevanceScorer

# Initialize scorer
scorer = RelevanceScorer(hidden_size=768, scoring_method='hybrid')

# Score hidden states (module is callable)
relevance_scores = scorer(hidden_states, attention_mask)
