"""Reads the tables of lib/workshop/reliability/csv.ts with pandas: one JSON table per line in, one JSON answer per line out."""

import base64
import io
import json
import sys

import pandas as pd

for line in sys.stdin:
    table = json.loads(line)
    numbers, truths, texts = table["numbers"], table["truths"], table["texts"]
    # The fast engine accepts only ASCII for thousands.
    engine = "c" if (table["thousands"] or "").isascii() else "python"
    try:
        frame = pd.read_csv(
            io.BytesIO(base64.b64decode(table["bytes"])), sep=table["separator"], encoding=table["encoding"],
            decimal=table["decimal"], thousands=table["thousands"], skiprows=table["skip"], engine=engine,
            keep_default_na=False, na_values={name: table["missing"] for name in numbers + truths},
            dtype={name: str for name in truths + texts})
        columns = {}
        for name in numbers:
            values = pd.to_numeric(frame[name], errors="raise").astype(float)
            columns[name] = [None if value != value else value for value in values.tolist()]
        for name in texts:
            # A row with too few fields ends in NaN, which is no JSON.
            columns[name] = [text if isinstance(text, str) else None for text in frame[name].tolist()]
        print(json.dumps({"columns": columns}), flush=True)
    except Exception as error:  # what pandas does not read is an outcome like any other
        print(json.dumps({"error": f"{type(error).__name__}: {error}"[:200]}), flush=True)
