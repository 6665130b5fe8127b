"""Sweeps: designs of experiments over any configuration key, in chunks that survive a power cut."""
