"""Statistics of the runs: paired differences, regret, stochastic and parametric uncertainty, the patterns."""
