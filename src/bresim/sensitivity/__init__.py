"""What decides an outcome, and which of two designs does better: screening, variance shares, scenario discovery."""
