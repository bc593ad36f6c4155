"""Reading and writing events: JSON lines, and the schema of their rows."""

from partnerleads.codecs.csv_files.dirt import Dirt
from partnerleads.codecs.csv_files.mapping import CsvMapping
from partnerleads.codecs.csv_files.reader import CsvReading, iter_csv, read_csv
from partnerleads.codecs.csv_files.writer import write_csv
from partnerleads.codecs.json_schema import event_json_schema
from partnerleads.codecs.jsonl import iter_jsonl, read_jsonl, read_line, write_jsonl
from partnerleads.codecs.reading import Reading, Reject
from partnerleads.codecs.row_reader import read_row

__all__ = [
    # JSON lines
    "iter_jsonl",
    "read_jsonl",
    "read_line",
    "write_jsonl",
    "event_json_schema",
    # CSV
    "CsvMapping",
    "iter_csv",
    "read_csv",
    "write_csv",
    # one row
    "read_row",
    # what reading gives
    "CsvReading",
    "Dirt",
    "Reading",
    "Reject",
]
