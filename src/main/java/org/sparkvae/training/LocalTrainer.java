package org.sparkvae.training;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.exception.DivergenceException;
import org.sparkvae.exception.TransientException;
import org.sparkvae.model.Minibatch;
import org.sparkvae.model.noise.NoiseKey;

/** Trains in this JVM alone, with no Spark in the loop: the baseline for every other trainer. */
public final class LocalTrainer implements Trainer {
  private final ComputationGraph model;
  private final MappedImages images;
  private final int batchSize;
  private final long seed;
  private Consumer<TrainedMinibatch> trained = minibatch -> {};

  /** Trains a model on from where it stands. */
  public LocalTrainer(ComputationGraph model, MappedImages images, int batchSize, long seed) {
    this.model = model;
    this.images = images;
    this.batchSize = batchSize;
    this.seed = seed;
    model.setListeners(new MinibatchListener(seed, 1, minibatch -> trained.accept(minibatch)));
  }

  @Override
  public double epoch(int epoch, Consumer<TrainedMinibatch> trained) {
    this.trained = trained;
    EpochPermutation order = new EpochPermutation(seed, epoch, images.count());
    model.getListeners().forEach(listener -> listener.onEpochStart(model));
    try {
      CompletableFuture<Minibatch> next = ahead(epoch, order, 0);
      for (int start = 0; start < images.count(); start += batchSize) {
        Minibatch minibatch = next.join();
        next = ahead(epoch, order, start + batchSize);
        model.fit(minibatch);
        if (Thread.interrupted()) {
          throw new TransientException(
              "epoch %d: interrupted; run the same command again to go on from the last checkpoint"
                  .formatted(epoch));
        }
      }
    } catch (DivergenceException reportedAsALoss) {
      return 0;
    }
    model.incrementEpochCount();
    return 0;
  }

  /** Reads a minibatch and makes its arrays while the one before is trained on. */
  private CompletableFuture<Minibatch> ahead(int epoch, EpochPermutation order, int start) {
    if (start >= images.count()) {
      return CompletableFuture.completedFuture(null);
    }
    return CompletableFuture.supplyAsync(
        () -> {
          Minibatch minibatch = minibatch(epoch, order, start);
          minibatch.getFeatures();
          return minibatch;
        });
  }

  private Minibatch minibatch(int epoch, EpochPermutation order, int start) {
    int size = Math.min(batchSize, images.count() - start);
    byte[][] pixels = new byte[size][];
    long[] noiseKeys = new long[size];
    for (int n = 0; n < size; n++) {
      int image = order.imageAt(start + n);
      pixels[n] = images.pixels(image);
      noiseKeys[n] = NoiseKey.of(seed, epoch, image);
    }
    return new Minibatch(pixels, noiseKeys);
  }

  @Override
  public ComputationGraph model() {
    return model;
  }

  @Override
  public void close() {
    // Nothing is held but memory.
  }
}
