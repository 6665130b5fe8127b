"""THE MODEL: one file a rule, one equation, its source. ``bresim.runner.step`` calls them in the order of a quarter.

Each module's docstring has a title, text, ``Equation:`` blocks, ``Symbols:`` and ``Source:``, from which section 7 of
the ODD is made. Rules change the arrays of a ``State`` in place and return nothing, or are pure functions of numbers.
"""
