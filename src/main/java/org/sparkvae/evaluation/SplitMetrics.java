package org.sparkvae.evaluation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkvae.model.ModelConfig;
import org.sparkvae.spark.ExactMean;
import org.sparkvae.spark.ProgressIterator;

/** Metrics of written reconstructions, as means over the images of a split. */
public final class SplitMetrics {
  private static final List<Metric> METRICS = Metric.from(MetricSource.RECONSTRUCTIONS);

  private SplitMetrics() {}

  /**
   * Averages the metrics over all images. The result does not depend on their order.
   *
   * @param reconstructions the output of {@code reconstruct}; the column {@code label} is optional
   * @return the metrics from {@link MetricSource#RECONSTRUCTIONS}
   */
  public static Map<Metric, Double> of(Dataset<Row> reconstructions, ModelConfig config) {
    StructType schema = new StructType();
    for (Metric metric : METRICS) {
      schema = schema.add(metric.id(), DataTypes.DoubleType, false);
    }
    MapPartitionsFunction<Row, Row> withProgress = ProgressIterator::new;
    MapFunction<Row, Row> values = row -> values(ReconstructedImage.of(row, config));
    Dataset<Row> images = reconstructions.select("original", "reconstruction", "bce", "kl");
    Row means =
        images
            .mapPartitions(withProgress, Encoders.row(images.schema()))
            .map(values, Encoders.row(schema))
            .select(
                METRICS.stream().map(metric -> ExactMean.of(metric.id())).toArray(Column[]::new))
            .head();
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    for (int i = 0; i < METRICS.size(); i++) {
      metrics.put(METRICS.get(i), means.getDouble(i));
    }
    return metrics;
  }

  private static Row values(ReconstructedImage image) {
    return RowFactory.create(METRICS.stream().map(metric -> metric.of(image)).toArray());
  }
}
