package org.sparkvae.evaluation;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.evaluation.metric.NearestNeighbors;
import org.sparkvae.model.ModelFile;
import org.sparkvae.model.PosteriorEncoder;
import org.sparkvae.model.PosteriorHeads;
import org.sparkvae.spark.BatchInference;
import org.sparkvae.spark.ProcessSelfTest;
import org.sparkvae.spark.ProgressIterator;
import org.sparkvae.spark.SparkSessions;
import scala.Tuple2;

/**
 * Probes of the latent space: simple classifiers that predict the label of an image from its
 * posterior mean. They are trained on some images and tested on others.
 *
 * <p>Instead of the posterior mean, L values per image row, the probes use {@link
 * PosteriorHeads#meanCoordinates}, 32 values per image row, which is faster. The result is the
 * same: distances between means do not change, and every linear function of the mean is a linear
 * function of these values.
 */
public final class LatentProbes implements AutoCloseable {
  static final int NEIGHBORS = 5;
  private static final int BLOCK_SIZE = 16;
  private static final int CLASSES = 10;
  private static final double REGULARIZATION = 0.001;
  private static final int MAX_ITERATIONS = 200;

  /**
   * The convergence tolerance of the loss. A tolerance of 1e-6 gives the same accuracy to three
   * digits.
   */
  private static final double TOLERANCE = 1e-4;

  private static final String LATENT = "latent";
  private static final StructType SCHEMA =
      new StructType()
          .add("image_id", DataTypes.IntegerType, false)
          .add("label", DataTypes.IntegerType, false)
          .add(LATENT, DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private final Dataset<Row> train;
  private final Dataset<Row> test;
  private final long testCount;

  /**
   * Encodes the images.
   *
   * @param train training images with columns {@code image_id}, {@code label} and {@code pixels}
   * @param test test images with the same columns
   * @param model an archive from {@link ModelFile#forInference}
   */
  public LatentProbes(Dataset<Row> train, Dataset<Row> test, Broadcast<byte[]> model) {
    // One sorted partition, so that sums do not depend on the partitioning.
    this.train = coordinates(train, model).repartition(1).sortWithinPartitions("image_id");
    this.train.persist();
    this.test = coordinates(test, model).persist();
    testCount = this.test.count();
  }

  private static Dataset<Row> coordinates(Dataset<Row> images, Broadcast<byte[]> model) {
    return BatchInference.map(
        BatchInference.partition(images.select("image_id", "label", "pixels")),
        model,
        ProcessSelfTest::readModel,
        LatentProbes::coordinates,
        Encoders.row(SCHEMA));
  }

  private static List<Row> coordinates(ComputationGraph model, int[] ids, List<Row> block) {
    byte[][] pixels = block.stream().map(row -> row.<byte[]>getAs(2)).toArray(byte[][]::new);
    float[][] states = new PosteriorEncoder(model).states(pixels);
    PosteriorHeads heads = new PosteriorHeads(model);
    List<Row> rows = new ArrayList<>(ids.length);
    for (int n = 0; n < ids.length; n++) {
      rows.add(RowFactory.create(ids[n], block.get(n).getInt(1), heads.meanCoordinates(states[n])));
    }
    return rows;
  }

  /**
   * Returns the test accuracy of a linear probe (Alain and Bengio, 2017): multinomial logistic
   * regression with an L2 penalty of {@value #REGULARIZATION}.
   */
  public double linearAccuracy() {
    LogisticRegressionModel probe =
        new LogisticRegression()
            .setFamily("multinomial")
            .setStandardization(false)
            .setRegParam(REGULARIZATION)
            .setMaxIter(MAX_ITERATIONS)
            .setTol(TOLERANCE)
            .setLabelCol("label")
            .setFeaturesCol(LATENT)
            .fit(vectors(train));
    return (double)
            probe.transform(vectors(test)).where(col("prediction").equalTo(col("label"))).count()
        / testCount;
  }

  private static Dataset<Row> vectors(Dataset<Row> coordinates) {
    return coordinates.select(col("label"), array_to_vector(col(LATENT)).as(LATENT));
  }

  /** Returns the test accuracy of a majority vote of the {@value #NEIGHBORS} nearest neighbors. */
  public double nearestNeighborsAccuracy() {
    List<Row> rows = vectors(train).collectAsList();
    NearestNeighbors neighbors =
        new NearestNeighbors(rows.stream().map(LatentProbes::floats).toList());
    int[] labels = rows.stream().mapToInt(row -> row.getInt(0)).toArray();
    Broadcast<Tuple2<NearestNeighbors, int[]>> neighborsAndLabels =
        SparkSessions.broadcast(train.sparkSession(), new Tuple2<>(neighbors, labels));
    try {
      long correct =
          vectors(test)
              .javaRDD()
              .mapPartitions(
                  images ->
                      List.of(
                              countCorrect(
                                  new ProgressIterator(images), neighborsAndLabels.value()))
                          .iterator())
              .reduce(Long::sum);
      return (double) correct / testCount;
    } finally {
      neighborsAndLabels.destroy();
    }
  }

  /** Returns the number of images whose neighbors vote for the right label. */
  private static long countCorrect(
      Iterator<Row> images, Tuple2<NearestNeighbors, int[]> neighborsAndLabels) {
    long correct = 0;
    while (images.hasNext()) {
      List<Row> block = new ArrayList<>();
      while (block.size() < BLOCK_SIZE && images.hasNext()) {
        block.add(images.next());
      }
      int[][] nearest =
          neighborsAndLabels
              ._1()
              .nearest(block.stream().map(LatentProbes::floats).toList(), NEIGHBORS);
      for (int n = 0; n < nearest.length; n++) {
        correct +=
            majorityLabel(nearest[n], neighborsAndLabels._2()) == block.get(n).getInt(0) ? 1 : 0;
      }
    }
    return correct;
  }

  private static float[] floats(Row row) {
    double[] values = row.<Vector>getAs(1).toArray();
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** Returns the most frequent label of the neighbors. Ties go to the label of the nearest one. */
  static int majorityLabel(int[] nearest, int[] labels) {
    int[] votes = new int[CLASSES];
    for (int neighbor : nearest) {
      votes[labels[neighbor]]++;
    }
    int winner = labels[nearest[0]];
    for (int neighbor : nearest) {
      if (votes[labels[neighbor]] > votes[winner]) {
        winner = labels[neighbor];
      }
    }
    return winner;
  }

  @Override
  public void close() {
    train.unpersist();
    test.unpersist();
  }
}
