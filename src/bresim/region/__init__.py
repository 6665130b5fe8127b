"""A region as data: municipalities, themes, arenas, collaborations, read from a file and checked."""

from bresim.region.assemble import load_region
from bresim.region.published import published_figures
from bresim.region.types import Arena, Collaboration, PublishedFigure, Region, Theme

__all__ = ["Arena", "Collaboration", "PublishedFigure", "Region", "Theme", "load_region", "published_figures"]
