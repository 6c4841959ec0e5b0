package org.sparkvae.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** Assertions on the reconstructions of a run, read by DuckDB. */
public final class ReconstructionsTable {
  private ReconstructionsTable() {}

  /** Asserts that each image of both splits exists exactly once. */
  public static void assertComplete(Path run, int train, int test) throws SQLException {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT split, count(*), count(DISTINCT image_id), max(image_id) FROM read_parquet('"
                    + run.resolve("reconstructions")
                    + "/*/*.parquet', hive_partitioning=true) GROUP BY split ORDER BY split DESC")) {
      for (Map.Entry<String, Integer> split :
          List.of(Map.entry("train", train), Map.entry("test", test))) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo(split.getKey());
        assertThat(rows.getInt(2)).isEqualTo(split.getValue());
        assertThat(rows.getInt(3)).isEqualTo(split.getValue());
        assertThat(rows.getInt(4)).isEqualTo(split.getValue() - 1);
      }
    }
  }
}
