"""How a column of the wrong type is mended, in the words of each package."""

from __future__ import annotations

__all__ = ["fix_for"]

_FIXES: dict[str, dict[str, str]] = {
    "polars": {
        "text instant": 'pl.col("{}").str.to_datetime(time_unit="us", time_zone="UTC")',
        "naive": 'pl.col("{}").dt.replace_time_zone("UTC")',
        "date": 'pl.col("{}").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")',
        "text": 'pl.col("{}").cast(pl.String)',
        "float id": 'pl.col("{}").cast(pl.Int64).cast(pl.String)',
        "integer": 'pl.col("{}").cast(pl.Int64)',
        "number": 'pl.col("{}").cast(pl.Float64)',
        "yes_no": 'pl.col("{}").cast(pl.Boolean)',
        "text yes_no": 'pl.col("{}").replace_strict({{"true": True, "false": False}})',
    },
    "pandas": {
        "text instant": 'pd.to_datetime(frame["{}"], format="ISO8601", utc=True)',
        "naive": 'frame["{}"].dt.tz_localize("UTC")',
        "date": 'pd.to_datetime(frame["{}"], utc=True)',
        "text": 'frame["{}"].map(str, na_action="ignore")',
        "float id": 'frame["{}"].astype("Int64").astype("string")',
        "integer": 'frame["{}"].astype("Int64")',
        "number": 'frame["{}"].astype("Float64")',
        "yes_no": 'frame["{}"].astype("boolean")',
        "text yes_no": 'frame["{}"].map({{"true": True, "false": False}}).astype("boolean")',
    },
    "pyarrow": {
        "text instant": 'pc.cast(frame["{}"], pa.timestamp("us", "UTC"))',
        "naive": 'pc.assume_timezone(frame["{}"], "UTC")',
        "date": 'pc.assume_timezone(pc.cast(frame["{}"], pa.timestamp("us")), "UTC")',
        "text": 'pc.cast(frame["{}"], pa.string())',
        "float id": 'pc.cast(pc.cast(frame["{}"], pa.int64()), pa.string())',
        "integer": 'pc.cast(frame["{}"], pa.int64())',
        "number": 'pc.cast(frame["{}"], pa.float64())',
        "yes_no": 'pc.cast(frame["{}"], pa.bool_())',
    },
    "duckdb": {
        "text instant": 'CAST("{}" AS TIMESTAMPTZ)',
        "naive": "\"{}\" AT TIME ZONE 'UTC'",
        "date": "CAST(\"{}\" AS TIMESTAMP) AT TIME ZONE 'UTC'",
        "text": 'CAST("{}" AS VARCHAR)',
        "float id": 'CAST(CAST("{}" AS BIGINT) AS VARCHAR)',
        "integer": 'CAST("{}" AS BIGINT)',
        "number": 'CAST("{}" AS DOUBLE)',
        "yes_no": 'CAST("{}" AS BOOLEAN)',
    },
    "pyspark": {
        "text instant": 'F.to_timestamp("{}")',
        "naive": 'F.to_timestamp(F.concat("{}", F.lit("+00:00")))',
        "date": 'F.to_timestamp(F.concat("{}", F.lit(" 00:00:00+00:00")))',
        "text": 'F.col("{}").cast("string")',
        "float id": 'F.col("{}").cast("bigint").cast("string")',
        "integer": 'F.col("{}").cast("bigint")',
        "number": 'F.col("{}").cast("double")',
        "yes_no": 'F.col("{}").cast("boolean")',
    },
}


def fix_for(family: str, trouble: str, name: str) -> str:
    """The expression that mends a column, as the end of a sentence; empty where none is known.

    >>> print(fix_for("duckdb", "naive", "occurred_at"))
    : "occurred_at" AT TIME ZONE 'UTC'
    """
    fixes = _FIXES.get(family, {})
    fix = fixes.get(trouble, fixes.get(trouble.removeprefix("text ")))
    return "" if fix is None else f": {fix.format(name)}"
