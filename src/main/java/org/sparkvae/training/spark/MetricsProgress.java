package org.sparkvae.training.spark;

import org.sparkvae.spark.JobDescription;
import org.sparkvae.spark.TrainingGauges;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.MinibatchLoss;
import org.sparkvae.training.TrainingProgress;

/**
 * A progress listener that updates Spark's metrics and job descriptions and then calls another
 * listener.
 *
 * @param delegate the listener that is called after the update
 */
public record MetricsProgress(TrainingProgress delegate) implements TrainingProgress {
  @Override
  public void epochStarted(int epoch, int epochs, int images) {
    TrainingGauges.epochStarted(epoch);
    JobDescription.set("training, epoch %d of %d".formatted(epoch, epochs));
    delegate.epochStarted(epoch, epochs, images);
  }

  @Override
  public void minibatchTrained(MinibatchLoss loss) {
    TrainingGauges.minibatchTrained(loss.total(), loss.images());
    delegate.minibatchTrained(loss);
  }

  @Override
  public void epochFinished(EpochRecord record, int epochs) {
    delegate.epochFinished(record, epochs);
  }
}
