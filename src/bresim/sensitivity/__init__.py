"""What decides an outcome, and which of two designs does better: Morris, Sobol, scenario discovery.

``bresim.sensitivity(config, out=…)`` runs an analysis: ``bresim.api.jobs.sensitivity``.
"""

from bresim.common.packages import called

called(__name__)
