package org.sparkvae.training;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.exception.DivergenceException;

/**
 * The epoch loop: trains, checks, measures and saves one epoch after another.
 *
 * @param trainer the trainer, which the caller closes
 * @param checkpointWriter the consumer of a checkpoint after each complete epoch
 * @param testLoss the loss of a model on the test split
 */
public record TrainingLoop(
    Trainer trainer,
    Consumer<Checkpoint> checkpointWriter,
    Function<ComputationGraph, MinibatchLoss> testLoss,
    TrainingProgress progress) {
  /**
   * Trains the epochs after those in the history.
   *
   * @param history the records of the epochs that are already trained
   * @param epochs the total number of epochs
   * @param images the number of images in the training split
   * @return the history of all epochs
   * @throws DivergenceException if a loss or a parameter became NaN or infinite; the last
   *     checkpoint is kept
   * @throws IllegalStateException if an epoch is incomplete or did not change the model
   */
  public List<EpochRecord> run(List<EpochRecord> history, int epochs, int images, long seed) {
    List<EpochRecord> records = new ArrayList<>(history);
    for (int epoch = records.size() + 1; epoch <= epochs; epoch++) {
      progress.epochStarted(epoch, epochs, images);
      EpochPermutation permutation = new EpochPermutation(seed, epoch, images);
      EpochLosses losses =
          new EpochLosses(
              TrainedMinibatch.keys(permutation, epoch, images, trainer.batchSize(), seed));
      INDArray before = trainer.model().params().dup();
      long start = System.nanoTime();
      double drift;
      try {
        drift =
            trainer.trainEpoch(
                epoch,
                minibatch -> {
                  losses.add(minibatch);
                  progress.minibatchTrained(minibatch.loss());
                });
      } catch (DivergenceException e) {
        // This check names the minibatch, but its loss may not have arrived.
        losses.checkFinite(epoch);
        throw e;
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      losses.check(epoch, images);
      checkParameters(epoch, before, trainer.model().params());

      EpochRecord record =
          EpochRecord.of(
              epoch, losses.last(), losses.mean(), testLoss.apply(trainer.model()), seconds, drift);
      records.add(record);
      checkpointWriter.accept(new Checkpoint(epoch, trainer.model(), List.copyOf(records)));
      progress.epochFinished(record, epochs);
    }
    return records;
  }

  /** Checks that the epoch changed the parameters and left them finite. */
  private static void checkParameters(int epoch, INDArray before, INDArray after) {
    double distance = after.distance2(before);
    if (!Double.isFinite(distance)) {
      throw new DivergenceException(
          "epoch %d: a parameter became NaN or infinite. %s"
              .formatted(epoch, DivergenceException.ADVICE));
    }
    if (distance == 0) {
      throw new IllegalStateException(
          "epoch %d: training did not change the model. Report this with the log."
              .formatted(epoch));
    }
  }
}
