package org.sparkvae.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.stream.DoubleStream;

/**
 * A line of {@code history.csv}. Losses are the report's: binary cross-entropy in nats per pixel
 * plus the regularisation term in nats per latent element. "Last" is the epoch's last minibatch, as
 * in the report's Table 1; "mean" is over the epoch's images. Test values are measured after the
 * epoch, with z sampled. Drift is how far replicas had come apart before they were brought together
 * again, see {@link Trainer#epoch}.
 */
@JsonPropertyOrder({
  "epoch",
  "train_loss_last",
  "train_loss_mean",
  "bce_last",
  "bce_mean",
  "reg_term_last",
  "reg_term_mean",
  "test_bce",
  "test_reg_term",
  "examples",
  "seconds",
  "examples_per_second",
  "drift"
})
public record EpochRecord(
    @JsonProperty("epoch") int epoch,
    @JsonProperty("train_loss_last") double trainLossLast,
    @JsonProperty("train_loss_mean") double trainLossMean,
    @JsonProperty("bce_last") double bceLast,
    @JsonProperty("bce_mean") double bceMean,
    @JsonProperty("reg_term_last") double regTermLast,
    @JsonProperty("reg_term_mean") double regTermMean,
    @JsonProperty("test_bce") double testBce,
    @JsonProperty("test_reg_term") double testRegTerm,
    @JsonProperty("examples") int examples,
    @JsonProperty("seconds") double seconds,
    @JsonProperty("examples_per_second") double examplesPerSecond,
    @JsonProperty("drift") double drift) {

  static EpochRecord of(
      int epoch,
      MinibatchLoss last,
      MinibatchLoss mean,
      MinibatchLoss test,
      double seconds,
      double drift) {
    return new EpochRecord(
        epoch,
        last.total(),
        mean.total(),
        last.bce(),
        mean.bce(),
        last.regTerm(),
        mean.regTerm(),
        test.bce(),
        test.regTerm(),
        mean.images(),
        seconds,
        mean.images() / seconds,
        drift);
  }

  /** Whether curves can be drawn of it; what is not a number leaves a gap. */
  public boolean canBeDrawn() {
    return DoubleStream.of(testBce, testRegTerm, seconds, examplesPerSecond, drift)
        .noneMatch(Double::isInfinite);
  }

  /** As it is wherever training went on; what was measured beside it need not be. */
  boolean hasFiniteTrainLoss() {
    return DoubleStream.of(trainLossLast, trainLossMean, bceLast, bceMean, regTermLast, regTermMean)
        .allMatch(Double::isFinite);
  }

  /** The line that the report's Table 1 prints. */
  public String tableOneLine(int epochs) {
    return "Epoch:%d/%d, Train_Loss:%s, Train_Reg_Term:%s"
        .formatted(epoch, epochs, trainLossLast, regTermLast);
  }
}
