"""BigQuery's dialect as the analyzer's options."""

from __future__ import annotations

from typing import Any

from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service
from zetasql.wasi._pb2.zetasql.proto import options_pb2, simple_catalog_pb2
from zetasql.wasi._pb2.zetasql.public import options_pb2 as public

from prop_quality.sql import dialect_gaps
from prop_quality.sql.engine import Engine
from prop_quality.sql.types import INTEGER_ALIASES, array, simple, struct

# Features of BigQuery that the analyzer's "maximum" leaves out.
_BIGQUERY_TOO = (
    "FEATURE_ADDITIONAL_DATE_TIME_FUNCTIONS",
    "FEATURE_ALTER_COLUMN_SET_DATA_TYPE",
    "FEATURE_ALTER_MATERIALIZED_VIEW_ALTER_COLUMN_SET_OPTIONS",
    "FEATURE_COLLATION_SUPPORT",
    "FEATURE_CREATE_EXTERNAL_TABLE_WITH_PARTITION_COLUMNS",
    "FEATURE_CREATE_INDEX_PARTITION_BY",
    "FEATURE_CREATE_TABLE_CLONE",
    "FEATURE_CREATE_VIEWS_WITH_COLUMN_OPTIONS",
    "FEATURE_DIFFERENTIAL_PRIVACY",
    "FEATURE_ENABLE_ALTER_ARRAY_OPTIONS",
    "FEATURE_ENABLE_EDIT_DISTANCE_BYTES",
    "FEATURE_EXTERNAL_SECURITY_PROCEDURE",
    "FEATURE_LIKE_ANY_SOME_ALL_ARRAY",
    "FEATURE_LIKE_ANY_SOME_ALL_SUBQUERY",
    "FEATURE_NON_SQL_PROCEDURE",
    "FEATURE_TO_JSON_UNSUPPORTED_FIELDS",
    "FEATURE_VECTOR_SEARCH_TVF",
)
# Features of the analyzer that BigQuery does not have: with them on, statements would pass here and fail there.
_NOT_BIGQUERY = ("FEATURE_INSERT_ON_CONFLICT_CLAUSE", "FEATURE_DML_RETURNING")
# Clauses that the analyzer reads only where their first word is reserved; QUALIFY is so by itself.
_RESERVED_TOO = ("GRAPH_TABLE", "MATCH_RECOGNIZE")
# What BigQuery creates, alters and drops besides datasets and what is in them, and below datasets.
_OTHER_OBJECTS = (
    "ASSIGNMENT",
    "BI_CAPACITY",
    "CAPACITY",
    "DATA_POLICY",
    "ORGANIZATION",
    "PROJECT",
    "RESERVATION",
)
_BELOW_DATASETS = ("REPLICA",)
_SYSTEM_VARIABLES = {
    "project_id": "STRING",
    "dataset_project_id": "STRING",
    "dataset_id": "STRING",
    "location": "STRING",
    "time_zone": "STRING",
    "session_id": "STRING",
    "query_label": "STRING",
    "row_count": "INT64",
    "current_job_id": "STRING",
    "last_job_id": "STRING",
    "reservation": "STRING",
    "script.bytes_billed": "INT64",
    "script.bytes_processed": "INT64",
    "script.creation_time": "TIMESTAMP",
    "script.job_id": "STRING",
    "script.num_child_jobs": "INT64",
    "script.slot_ms": "INT64",
    "error.message": "STRING",
    "error.statement_text": "STRING",
    "error.formatted_stack_trace": "STRING",
}


class Dialect:
    """The options that every call carries, made once for an engine."""

    def __init__(self, engine: Engine) -> None:
        self.language = engine.call(
            "GetLanguageOptions",
            service.LanguageOptionsRequest(maximum_features=True),
            options_pb2.LanguageOptionsProto,
        )
        off = {public.LanguageFeature.Value(name) for name in _NOT_BIGQUERY}
        on = {public.LanguageFeature.Value(name) for name in _BIGQUERY_TOO}
        features = sorted((on | set(self.language.enabled_language_features)) - off)
        del self.language.enabled_language_features[:]
        self.language.enabled_language_features.extend(features)
        # An empty list means every kind of statement; the default means SELECT alone.
        self.language.ClearField("supported_statement_kinds")
        self.language.reserved_keywords.extend(_RESERVED_TOO)
        self.language.supported_generic_entity_types.extend(_OTHER_OBJECTS)
        self.language.supported_generic_sub_entity_types.extend(_BELOW_DATASETS)
        self.language.product_mode = public.PRODUCT_EXTERNAL
        self._options = self._analyzer_options(engine)

    def analyzer_options(self, parameters: dict[str, Any], *, positional: bool) -> Any:
        """Options for one statement; parameters that `parameters` does not type take the type that they need."""
        options = options_pb2.AnalyzerOptionsProto()
        options.CopyFrom(self._options)
        if positional:
            options.parameter_mode = public.PARAMETER_POSITIONAL
        for name, type_ in parameters.items():
            options.query_parameters.add(name=name, type=type_)
        options.allow_undeclared_parameters = positional or not parameters
        return options

    def empty_catalog(self) -> Any:
        """A catalogue message with BigQuery's functions and type names and nothing else."""
        catalog = simple_catalog_pb2.SimpleCatalogProto(name="catalogue")
        catalog.builtin_function_options.language_options.CopyFrom(self.language)
        for alias in INTEGER_ALIASES:
            catalog.named_type.add(name=alias, type=simple("INT64"))
        dialect_gaps.declare(catalog)
        return catalog

    def _analyzer_options(self, engine: Engine) -> Any:
        options = engine.call("GetAnalyzerOptions", service.AnalyzerOptionsRequest(), options_pb2.AnalyzerOptionsProto)
        # The defaults name enum types of a descriptor pool that nobody sent.
        options.ClearField("allowed_hints_and_options")
        options.language_options.CopyFrom(self.language)
        options.default_timezone = "UTC"
        options.prune_unused_columns = True
        options.parse_location_record_type = public.PARSE_LOCATION_RECORD_FULL_NODE_SCOPE
        options.error_message_mode = public.ERROR_MESSAGE_ONE_LINE
        for path, type_ in _SYSTEM_VARIABLES.items():
            options.system_variables.add(name_path=path.split("."), type=simple(type_))
        frames = [("line", simple("INT64")), ("column", simple("INT64")), ("filename", simple("STRING"))]
        options.system_variables.add(
            name_path=["error", "stack_trace"], type=array(struct([*frames, ("location", simple("STRING"))]))
        )
        for name, type_ in (("_PARTITIONTIME", "TIMESTAMP"), ("_PARTITIONDATE", "DATE")):
            options.ddl_pseudo_columns.add(name=name, type=simple(type_))
        return options
