"""From rules to runs: order of a quarter, outcomes, runs in common, and many runs on many threads."""
