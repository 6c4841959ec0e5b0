package org.sparkvae.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.stream.DoubleStream;

/**
 * A record of one epoch, which is a line of {@code history.csv}.
 *
 * <p>Losses follow the reference report: binary cross-entropy in nats per pixel plus the
 * regularization term in nats per latent element. "Last" values belong to the epoch's last
 * minibatch, as in the reference report's Table 1. "Mean" values are means over the epoch's images.
 * Test values are measured after the epoch, with z sampled.
 *
 * @param epoch the epoch, counted from 1
 * @param trainLossLast the training loss of the last minibatch
 * @param trainLossMean the mean training loss
 * @param bceLast the cross-entropy of the last minibatch, in nats per pixel
 * @param bceMean the mean cross-entropy, in nats per pixel
 * @param regTermLast the regularization term of the last minibatch, in nats per latent element
 * @param regTermMean the mean regularization term, in nats per latent element
 * @param testBce the cross-entropy of the test split, in nats per pixel
 * @param testRegTerm the regularization term of the test split, in nats per latent element
 * @param examples the number of images trained on
 * @param seconds the duration of the epoch's training
 * @param examplesPerSecond the images trained on per second
 * @param drift the drift of the replicas before they were synchronized, see {@link
 *     Trainer#trainEpoch}
 */
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

  /** Returns whether curves can be plotted: no value is infinite. NaN leaves a gap in a curve. */
  public boolean canBePlotted() {
    return DoubleStream.of(testBce, testRegTerm, seconds, examplesPerSecond, drift)
        .noneMatch(Double::isInfinite);
  }

  /** Returns whether all training losses are finite. Training stops if one is not. */
  boolean hasFiniteTrainLoss() {
    return DoubleStream.of(trainLossLast, trainLossMean, bceLast, bceMean, regTermLast, regTermMean)
        .allMatch(Double::isFinite);
  }

  /** Returns the epoch's line in the format of the reference report's Table 1. */
  public String tableOneLine(int epochs) {
    return "Epoch:%d/%d, Train_Loss:%s, Train_Reg_Term:%s"
        .formatted(epoch, epochs, trainLossLast, regTermLast);
  }
}
