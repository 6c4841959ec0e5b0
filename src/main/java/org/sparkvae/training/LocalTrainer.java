package org.sparkvae.training;

import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.sparkvae.exception.TransientException;
import org.sparkvae.model.Minibatch;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.model.noise.NoiseKey;

/** A trainer in this JVM, without Spark. It is the baseline for the other trainers. */
public final class LocalTrainer implements Trainer {
  private final ComputationGraph model;
  private final MappedImages images;
  private final int batchSize;
  private final long seed;
  private Consumer<TrainedMinibatch> trained = minibatch -> {};

  /**
   * Creates a trainer that continues to train a model.
   *
   * @param model the model, with Adam's state if it was trained before
   */
  public LocalTrainer(ComputationGraph model, MappedImages images, int batchSize, long seed) {
    this.model = model;
    this.images = images;
    this.batchSize = batchSize;
    this.seed = seed;
    model.setListeners(new MinibatchListener(minibatch -> trained.accept(minibatch)));
  }

  @Override
  public double trainEpoch(int epoch, Consumer<TrainedMinibatch> trained) {
    this.trained = trained;
    EpochPermutation permutation = new EpochPermutation(seed, epoch, images.count());
    Iterator<MultiDataSet> minibatches =
        new PrefetchingIterator(
            IntStream.iterate(0, start -> start < images.count(), start -> start + batchSize)
                .mapToObj(start -> minibatch(epoch, permutation, start))
                .iterator());
    while (minibatches.hasNext()) {
      model.fit(minibatches.next());
      if (Thread.interrupted()) {
        throw new TransientException(
            "epoch %d: interrupted. Rerun the same command to resume from the last checkpoint."
                .formatted(epoch));
      }
    }
    model.incrementEpochCount();
    return 0;
  }

  private Minibatch minibatch(int epoch, EpochPermutation permutation, int start) {
    int size = Math.min(batchSize, images.count() - start);
    byte[][] pixels = new byte[size][];
    long[] noiseKeys = new long[size];
    for (int n = 0; n < size; n++) {
      int image = permutation.imageAt(start + n);
      pixels[n] = images.pixels(image);
      noiseKeys[n] = NoiseKey.of(seed, epoch, image);
    }
    return new Minibatch(pixels, noiseKeys);
  }

  @Override
  public int workers() {
    return 1;
  }

  @Override
  public Map<String, String> backends() {
    return Map.of("driver", NativeBackend.description());
  }

  @Override
  public int batchSize() {
    return batchSize;
  }

  @Override
  public ComputationGraph model() {
    return model;
  }

  @Override
  public void close() {
    // There is nothing to release except memory.
  }
}
