"""prop-quality: data quality for one important table, that can never pass on nothing."""

from importlib.metadata import version

__version__ = version("prop-quality")
