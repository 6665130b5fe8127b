"""From the unit cube to parameter sets, by the priors of ``bresim.parameters``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bresim.kernel.arithmetic import exp, log
from bresim.parameters import PARAMETERS


def from_unit(unit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Map points (P, number of parameters) of the unit cube to parameter values, columns as in ``PARAMETERS``.

    A log-uniform value is ``low (high / low) ** unit``, with the kernel's own functions: the same bits everywhere.
    """
    low = np.array([parameter.low for parameter in PARAMETERS.values()])
    high = np.array([parameter.high for parameter in PARAMETERS.values()])
    values = np.asarray(low + unit * (high - low))
    for at, parameter in enumerate(PARAMETERS.values()):
        if parameter.prior == "log_uniform":
            span = float(log(parameter.high / parameter.low))
            values[..., at] = [parameter.low * float(exp(float(u) * span)) for u in unit[..., at]]
    return values
