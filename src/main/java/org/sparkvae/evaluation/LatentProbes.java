package org.sparkvae.evaluation;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
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
import org.sparkvae.spark.ProgressIterator;
import scala.Tuple2;

/**
 * How much of an image's class its posterior mean tells to the simplest of classifiers, learned
 * from some images and tried on others.
 *
 * <p>They work on {@link PosteriorHeads#meanCoordinates}, 28×32 values in place of 28×L: all
 * distances between means are the same there, and so is every linear map of the means.
 */
public final class LatentProbes implements AutoCloseable {
  static final int NEIGHBOURS = 5;
  private static final int AT_A_TIME = 16;
  private static final int CLASSES = 10;
  private static final double REGULARISATION = 0.001;
  private static final int MOST_ITERATIONS = 200;

  /** Of the loss; a hundred times finer the accuracy is the same to three digits. */
  private static final double TOLERANCE = 1e-4;

  private static final String LATENT = "latent";
  private static final StructType SCHEMA =
      new StructType()
          .add("image_id", DataTypes.IntegerType, false)
          .add("label", DataTypes.IntegerType, false)
          .add(LATENT, DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private final Dataset<Row> known;
  private final Dataset<Row> asked;
  private final long askedCount;

  /**
   * Encodes images.
   *
   * @param known images to learn from, with columns {@code image_id}, {@code label} and {@code
   *     pixels}
   * @param asked images to try it on, likewise
   * @param model an archive of {@link ModelFile#forInference}
   */
  public LatentProbes(Dataset<Row> known, Dataset<Row> asked, Broadcast<byte[]> model) {
    // In one partition and in order, so that no sum depends on where the images were.
    this.known = coordinates(known, model).repartition(1).sortWithinPartitions("image_id");
    this.known.persist();
    this.asked = coordinates(asked, model).persist();
    askedCount = this.asked.count();
  }

  private static Dataset<Row> coordinates(Dataset<Row> images, Broadcast<byte[]> model) {
    return BatchInference.map(
        images.select("image_id", "label", "pixels"),
        model,
        ModelFile::read,
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
   * The accuracy of a linear probe (Alain and Bengio, 2017): multinomial logistic regression with
   * an L2 penalty of {@value #REGULARISATION}.
   */
  public double linearAccuracy() {
    LogisticRegressionModel probe =
        new LogisticRegression()
            .setFamily("multinomial")
            .setStandardization(false)
            .setRegParam(REGULARISATION)
            .setMaxIter(MOST_ITERATIONS)
            .setTol(TOLERANCE)
            .setLabelCol("label")
            .setFeaturesCol(LATENT)
            .fit(vectors(known));
    return (double)
            probe.transform(vectors(asked)).where(col("prediction").equalTo(col("label"))).count()
        / askedCount;
  }

  private static Dataset<Row> vectors(Dataset<Row> coordinates) {
    return coordinates.select(col("label"), array_to_vector(col(LATENT)).as(LATENT));
  }

  /** The accuracy of what most of the {@value #NEIGHBOURS} nearest neighbours are. */
  public double nearestNeighboursAccuracy() {
    List<Row> rows = vectors(known).collectAsList();
    NearestNeighbors neighbours =
        new NearestNeighbors(rows.stream().map(LatentProbes::floats).toList());
    int[] labels = rows.stream().mapToInt(row -> row.getInt(0)).toArray();
    Broadcast<Tuple2<NearestNeighbors, int[]>> learned =
        JavaSparkContext.fromSparkContext(known.sparkSession().sparkContext())
            .broadcast(new Tuple2<>(neighbours, labels));
    try {
      long right =
          vectors(asked)
              .javaRDD()
              .mapPartitions(
                  images ->
                      List.of(right(new ProgressIterator(images), learned.value())).iterator())
              .reduce(Long::sum);
      return (double) right / askedCount;
    } finally {
      learned.destroy();
    }
  }

  /** How many of some images have neighbours that are what they are. */
  private static long right(Iterator<Row> images, Tuple2<NearestNeighbors, int[]> learned) {
    long right = 0;
    while (images.hasNext()) {
      List<Row> some = new ArrayList<>();
      while (some.size() < AT_A_TIME && images.hasNext()) {
        some.add(images.next());
      }
      int[][] nearest =
          learned._1().nearest(some.stream().map(LatentProbes::floats).toList(), NEIGHBOURS);
      for (int n = 0; n < nearest.length; n++) {
        right += majority(nearest[n], learned._2()) == some.get(n).getInt(0) ? 1 : 0;
      }
    }
    return right;
  }

  private static float[] floats(Row row) {
    double[] values = row.<Vector>getAs(1).toArray();
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** Of two labels as frequent, that of the nearest. */
  static int majority(int[] nearest, int[] labels) {
    int[] votes = new int[CLASSES];
    for (int neighbour : nearest) {
      votes[labels[neighbour]]++;
    }
    int winner = labels[nearest[0]];
    for (int neighbour : nearest) {
      if (votes[labels[neighbour]] > votes[winner]) {
        winner = labels[neighbour];
      }
    }
    return winner;
  }

  @Override
  public void close() {
    known.unpersist();
    asked.unpersist();
  }
}
