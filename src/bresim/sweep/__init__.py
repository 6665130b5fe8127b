"""Sweeps: designs of experiments over any configuration key, in chunks that can be resumed after a power cut.

``bresim.sweep(config, out=…)`` runs one: ``bresim.api.jobs.sweep``.
"""

from bresim.common.packages import called

called(__name__)
