package org.sparkvae.testing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** The Java example of {@code docs/guide/reading-parquet.md}. */
public final class ParquetExamples {
  private ParquetExamples() {}

  public static Map<Integer, Double> meanCrossEntropyByLabel(String directory) throws IOException {
    Map<Integer, List<Float>> byLabel = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(directory), "*.parquet")) {
      for (Path file : files) {
        Configuration columns = new Configuration();
        columns.set(
            ReadSupport.PARQUET_READ_SCHEMA,
            "message columns { required int32 label; required float bce; }");
        try (ParquetReader<Group> rows =
            ParquetReader.builder(
                    new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
                .withConf(columns)
                .build()) {
          for (Group row; (row = rows.read()) != null; ) {
            byLabel
                .computeIfAbsent(row.getInteger("label", 0), label -> new ArrayList<>())
                .add(row.getFloat("bce", 0));
          }
        }
      }
    }
    Map<Integer, Double> means = new TreeMap<>();
    byLabel.forEach(
        (label, all) ->
            means.put(label, all.stream().mapToDouble(Float::doubleValue).average().orElseThrow()));
    return means;
  }
}
