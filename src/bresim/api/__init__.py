"""The functions of bresim in Python: what the commands do, with results in memory."""
