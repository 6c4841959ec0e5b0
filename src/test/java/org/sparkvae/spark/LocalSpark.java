package org.sparkvae.spark;

import org.apache.spark.sql.SparkSession;

/** The {@code local[2]} session that all tests in this JVM share. */
public final class LocalSpark {
  private LocalSpark() {}

  public static SparkSession session() {
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.sql.shuffle.partitions", "4");
    System.setProperty("spark.sql.warehouse.dir", "target/spark-warehouse");
    return SparkSessions.start("spark-vae tests");
  }
}
