"""Sweeps: designs of experiments over any configuration key, in chunks that can be resumed after a power cut."""
