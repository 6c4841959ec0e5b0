package org.sparkvae.training.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.sparkvae.model.Minibatch;
import org.sparkvae.spark.LocalSpark;
import org.sparkvae.spark.TestImages;
import org.sparkvae.training.EpochPermutation;
import org.sparkvae.training.spark.MinibatchPartitioner.Assignment;

class MinibatchPartitionerTest {
  private static final int COUNT = 253;
  private static final int BATCH = 20;

  private final SparkSession spark = LocalSpark.session();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void formsFullMinibatchesInTheOrderOfTheEpoch(int workers) {
    Dataset<Row> images = TestImages.of(spark, COUNT, 5);
    EpochPermutation permutation = new EpochPermutation(42, 3, COUNT);
    List<List<MultiDataSet>> byWorker =
        new MinibatchPartitioner(permutation, 3, BATCH, workers, 42)
            .partition(images, Assignment.WHOLE_MINIBATCH)
            .glom()
            .collect();

    assertThat(byWorker).hasSize(workers);
    List<INDArray> seen = new ArrayList<>();
    int minibatches = (COUNT + BATCH - 1) / BATCH;
    for (int m = 0; m < minibatches; m++) {
      Minibatch minibatch = (Minibatch) byWorker.get(m % workers).get(m / workers);
      assertThat(minibatch.size()).isEqualTo(m < minibatches - 1 ? BATCH : COUNT % BATCH);
      INDArray labels = minibatch.getLabels()[0];
      for (int n = 0; n < minibatch.size(); n++) {
        int image = permutation.imageAt(m * BATCH + n);
        assertThat(pixels(labels, n)).isEqualTo(TestImages.pixels(image));
        seen.add(labels);
      }
    }
    assertThat(seen).hasSize(COUNT);
    assertThat(byWorker.stream().mapToInt(List::size).sum()).isEqualTo(minibatches);
  }

  /** The last minibatch has three images, fewer than workers, so that each worker has all three. */
  @Test
  void splitsEachMinibatchIntoConsecutiveParts() {
    int batch = 50;
    int workers = 8;
    EpochPermutation permutation = new EpochPermutation(42, 3, COUNT);
    List<List<MultiDataSet>> byWorker =
        new MinibatchPartitioner(permutation, 3, batch, workers, 42)
            .partition(TestImages.of(spark, COUNT, 5), Assignment.SPLIT_MINIBATCH)
            .glom()
            .collect();

    for (int m = 0; m * batch < COUNT; m++) {
      int minibatch = m;
      List<INDArray> parts =
          byWorker.stream().map(part -> part.get(minibatch).getLabels()[0]).toList();
      int position = m * batch;
      if (COUNT - position < workers) {
        assertThat(parts).allMatch(part -> part.size(0) == COUNT % batch).hasSize(workers);
        parts = parts.subList(0, 1);
      } else {
        assertThat(parts).allMatch(part -> part.size(0) == 6 || part.size(0) == 7);
      }
      for (INDArray part : parts) {
        for (int n = 0; n < part.size(0); n++) {
          assertThat(pixels(part, n)).isEqualTo(TestImages.pixels(permutation.imageAt(position++)));
        }
      }
      assertThat(position).isEqualTo(Math.min((m + 1) * batch, COUNT));
    }
  }

  @Test
  void featuresHaveOneTimeStepPerRow() {
    byte[] pixels = new byte[784];
    pixels[3 * 28 + 17] = (byte) 255;
    Minibatch minibatch = new Minibatch(new byte[][] {pixels}, new long[] {1});
    // Row 3 is time step 3, and column 17 is feature 17. Labels are indexed by row, then column.
    assertThat(minibatch.getFeatures()[0].getDouble(0, 17, 3)).isEqualTo(1);
    assertThat(minibatch.getFeatures()[0].sumNumber().doubleValue()).isEqualTo(1);
    assertThat(minibatch.getLabels()[0].getDouble(0, 3, 17)).isEqualTo(1);
  }

  private static byte[] pixels(INDArray labels, int n) {
    byte[] pixels = new byte[784];
    for (int p = 0; p < 784; p++) {
      pixels[p] = (byte) Math.round(labels.getDouble(n, p / 28, p % 28) * 255);
    }
    return pixels;
  }
}
