"""The published site: static pages made from stored verdicts alone. Nothing here but `gx_builder` knows about GX."""

from prop_quality.site.builder import Published, build_site

__all__ = ["Published", "build_site"]
