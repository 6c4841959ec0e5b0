#!/usr/bin/env python3
"""Counts what reconstruct wrote, with DuckDB: a line for each split, as CSV.

    python3 bench/count.py RUN/reconstructions RESULT_CSV

Needs duckdb.
"""
import os
import sys

import duckdb

COUNT = """
    COPY (SELECT split, count(*) AS rows, count(DISTINCT image_id) AS images, min(image_id) AS first_id, max(image_id) AS last_id
          FROM read_parquet('{files}/*/*.parquet', hive_partitioning = true) GROUP BY split ORDER BY split)
    TO '{result}' (HEADER)"""

if __name__ == "__main__":
    files, result = sys.argv[1:]
    part = result + ".part"
    duckdb.sql(COUNT.format(files=files, result=part))
    os.replace(part, result)
