package org.sparkvae.training;

/** A listener for the progress of training, called from several threads. */
public interface TrainingProgress {
  /** A listener that does nothing. */
  TrainingProgress SILENT = new TrainingProgress() {};

  /**
   * Called when an epoch starts.
   *
   * @param epoch the epoch, counted from 1
   * @param epochs the total number of epochs
   * @param images the number of images in the epoch
   */
  default void epochStarted(int epoch, int epochs, int images) {}

  /** Called when a minibatch was trained. */
  default void minibatchTrained(MinibatchLoss loss) {}

  /** Called when an epoch is finished and its checkpoint is written. */
  default void epochFinished(EpochRecord record, int epochs) {}
}
