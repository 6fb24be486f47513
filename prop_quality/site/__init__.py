"""The published site: static pages made from stored verdicts alone. Nothing here but `gx_builder` knows about GX."""

from prop_quality.site.builder import Published, build_site
from prop_quality.site.publish import Delivered, publish
from prop_quality.site.serve import serve, show

__all__ = ["Delivered", "Published", "build_site", "publish", "serve", "show"]
