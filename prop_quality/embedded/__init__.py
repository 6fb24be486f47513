"""A BigQuery on loopback for the demo, the tests and the SQL gate: real clients, real protocol, no credentials.

Behind it is `bqemulator`; nothing else in this project knows that. It is not BigQuery: bytes are always 0 and some type
errors are accepted, so statements are also checked by Google's analyzer.
"""

from prop_quality.embedded.warehouse import EmbeddedWarehouse

__all__ = ["EmbeddedWarehouse"]
