"""THE MODEL: one file a rule, one equation, its source. ``bresim.runner.step`` calls them in the order of a quarter.

Each module's docstring has the lines ``Rule:``, ``Equation:`` and ``Source:``, from which the rule
table in the docs is made. Rules change the arrays of a ``State`` in place and return nothing, or are
pure functions of numbers.
"""
