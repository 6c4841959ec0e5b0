package org.sparkvae.training;

/** Told how training goes; called from several threads. */
public interface TrainingProgress {
  /** An epoch of so many images begins. */
  void epochStarted(int epoch, int epochs, int images);

  /** A minibatch was trained. */
  void minibatch(MinibatchLoss loss);

  /** The epoch is over and its checkpoint written. */
  void epochDone(EpochRecord record, int epochs);
}
