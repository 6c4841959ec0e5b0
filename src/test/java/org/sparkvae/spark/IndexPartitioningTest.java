package org.sparkvae.spark;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexPartitioningTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 96})
  void movesEachRowToThePartitionOfItsIndex(int partitions) {
    List<Row> rows =
        IndexPartitioning.apply(
                LocalSpark.session().range(3L * partitions).toDF("id"),
                partitions,
                expr("pmod(id, %d)".formatted(partitions)))
            .select(expr("pmod(id, %d)".formatted(partitions)), spark_partition_id())
            .collectAsList();
    assertThat(rows).hasSize(3 * partitions);
    assertThat(rows).allMatch(row -> row.getLong(0) == row.getInt(1));
  }

  @Test
  void keepsRowsWithoutAPartition() {
    List<Row> rows =
        IndexPartitioning.apply(
                LocalSpark.session().range(4).toDF("id"), 2, expr("IF(id = 0, NULL, id - 2)"))
            .select("id")
            .collectAsList();
    assertThat(rows).extracting(row -> row.getLong(0)).containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
  }
}
