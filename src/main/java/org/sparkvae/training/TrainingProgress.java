package org.sparkvae.training;

/** Told how training goes; called from several threads. */
public interface TrainingProgress {
  /** Tells nobody. */
  TrainingProgress SILENT =
      new TrainingProgress() {
        @Override
        public void epochStarted(int epoch, int epochs, int images) {}

        @Override
        public void minibatch(MinibatchLoss loss) {}

        @Override
        public void epochDone(EpochRecord record, int epochs) {}
      };

  /** An epoch of so many images begins. */
  void epochStarted(int epoch, int epochs, int images);

  /** A minibatch was trained. */
  void minibatch(MinibatchLoss loss);

  /** The epoch is over and its checkpoint written. */
  void epochDone(EpochRecord record, int epochs);
}
