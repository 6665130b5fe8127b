"""What every compiled rule stands on: compiler, randomness, arithmetic, and the arrays of one run."""
