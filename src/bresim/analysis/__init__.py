"""What the runs say: paired differences, regret, what is luck and what is not known, the report's patterns."""
