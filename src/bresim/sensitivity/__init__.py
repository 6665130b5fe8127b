"""What decides an outcome, and which of two designs does better: Morris, Sobol, scenario discovery."""
