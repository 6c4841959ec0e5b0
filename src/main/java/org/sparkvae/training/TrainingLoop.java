package org.sparkvae.training;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.exception.DivergenceException;

/** Runs epochs until the last, checking, measuring and keeping each. */
public final class TrainingLoop {
  private final Trainer trainer;
  private final Consumer<Checkpoint> keeping;
  private final Function<ComputationGraph, MinibatchLoss> testLoss;
  private final TrainingProgress progress;

  /**
   * Makes a loop around a trainer, which stays the caller's to close.
   *
   * @param keeping is given each epoch that was trained whole
   * @param testLoss measures a model on images it is not trained on
   */
  public TrainingLoop(
      Trainer trainer,
      Consumer<Checkpoint> keeping,
      Function<ComputationGraph, MinibatchLoss> testLoss,
      TrainingProgress progress) {
    this.trainer = trainer;
    this.keeping = keeping;
    this.testLoss = testLoss;
    this.progress = progress;
  }

  /**
   * Trains on from a checkpoint's epoch.
   *
   * @param history of the epochs already done
   * @param images in the training split
   * @return the history of all epochs
   * @throws DivergenceException if a loss or parameter became NaN or infinite; the last checkpoint
   *     stays
   * @throws IllegalStateException if an epoch was not trained whole, or did not change the model
   */
  public List<EpochRecord> run(
      List<EpochRecord> history, int epochs, int images, int batchSize, long seed) {
    List<EpochRecord> records = new ArrayList<>(history);
    for (int epoch = records.size() + 1; epoch <= epochs; epoch++) {
      progress.epochStarted(epoch, epochs, images);
      EpochPermutation order = new EpochPermutation(seed, epoch, images);
      EpochLosses losses =
          new EpochLosses(TrainedMinibatch.keys(order, epoch, images, batchSize, seed));
      INDArray before = trainer.model().params().dup();
      long start = System.nanoTime();
      double drift =
          trainer.epoch(
              epoch,
              minibatch -> {
                losses.add(minibatch);
                progress.minibatch(minibatch.loss());
              });
      double seconds = (System.nanoTime() - start) / 1e9;
      losses.check(epoch, images);
      checkMoved(epoch, before, trainer.model().params());

      EpochRecord record =
          EpochRecord.of(
              epoch, losses.last(), losses.mean(), testLoss.apply(trainer.model()), seconds, drift);
      records.add(record);
      keeping.accept(new Checkpoint(epoch, trainer.model(), List.copyOf(records)));
      progress.epochDone(record, epochs);
    }
    return records;
  }

  private static void checkMoved(int epoch, INDArray before, INDArray after) {
    double distance = after.distance2(before);
    if (!Double.isFinite(distance)) {
      throw new DivergenceException(
          "epoch %d: a parameter became NaN or infinite; the last good checkpoint is kept: start a new run with a lower --learning-rate"
              .formatted(epoch));
    }
    if (distance == 0) {
      throw new IllegalStateException(
          "epoch %d: training left the model as it was".formatted(epoch));
    }
  }
}
