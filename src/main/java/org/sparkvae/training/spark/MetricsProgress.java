package org.sparkvae.training.spark;

import org.sparkvae.spark.JobDescription;
import org.sparkvae.spark.TrainingGauges;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.MinibatchLoss;
import org.sparkvae.training.TrainingProgress;

/** Tells Spark's metrics system and its pages how training goes, besides somebody else. */
public final class MetricsProgress implements TrainingProgress {
  private final TrainingProgress other;

  public MetricsProgress(TrainingProgress other) {
    this.other = other;
  }

  @Override
  public void epochStarted(int epoch, int epochs, int images) {
    TrainingGauges.epochStarted(epoch);
    JobDescription.set("training, epoch %d of %d".formatted(epoch, epochs));
    other.epochStarted(epoch, epochs, images);
  }

  @Override
  public void minibatch(MinibatchLoss loss) {
    TrainingGauges.minibatch(loss.total(), loss.images());
    other.minibatch(loss);
  }

  @Override
  public void epochDone(EpochRecord record, int epochs) {
    other.epochDone(record, epochs);
  }
}
