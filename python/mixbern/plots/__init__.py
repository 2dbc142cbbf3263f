"""Pictures of models, in the manner of scikit-learn's displays; they need matplotlib.

Each display is made with ``from_estimator`` (or ``from_selection``), which draws it, and can be drawn again with
``plot``. What was drawn is in ``figure_`` and ``ax_`` or ``axes_``.
"""

from ._certainty import CertaintyDisplay
from ._components import ComponentsDisplay
from ._optima import OptimaDisplay
from ._profiles import ProfilesDisplay
from ._selection import SelectionDisplay

__all__ = [
    "CertaintyDisplay",
    "ComponentsDisplay",
    "OptimaDisplay",
    "ProfilesDisplay",
    "SelectionDisplay",
]
