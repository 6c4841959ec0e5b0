#!/usr/bin/env python3
"""Counts the rows and images of a run's reconstructions with DuckDB and writes a CSV line per split.

    python3 bench/count_reconstructions.py RUN/reconstructions RESULT_CSV

Requires duckdb.
"""
import os
import sys

import duckdb

QUERY = """
    COPY (SELECT split, count(*) AS rows, count(DISTINCT image_id) AS images,
                 min(image_id) AS first_id, max(image_id) AS last_id
          FROM read_parquet('{reconstructions}/*/*.parquet', hive_partitioning = true) GROUP BY split ORDER BY split)
    TO '{result}' (HEADER)"""

if __name__ == "__main__":
    reconstructions, result = sys.argv[1:]
    temporary = result + ".tmp"
    duckdb.sql(QUERY.format(reconstructions=reconstructions, result=temporary))
    os.replace(temporary, result)
