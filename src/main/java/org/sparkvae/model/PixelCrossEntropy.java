package org.sparkvae.model;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Binary cross-entropy of gray pixels y in [0, 1], averaged over the pixels of an image, in nats
 * per pixel: −mean(y log p + (1 − y) log(1 − p)).
 *
 * <p>The loss is computed from the logits x as max(x, 0) − x·y + log(1 + e^−|x|). This form is
 * exact for all logits, while Deeplearning4j's loss clips p. If the targets are not binary, the
 * minimum of the loss is the entropy of the targets, which is above 0.
 */
public final class PixelCrossEntropy implements ILossFunction {
  @JsonProperty("pixels")
  private final int pixels;

  /**
   * Creates the loss.
   *
   * @param pixels number of pixels of an image; a row of the labels can be a part of an image
   */
  public PixelCrossEntropy(@JsonProperty("pixels") int pixels) {
    this.pixels = pixels;
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    double sum = crossEntropies(labels, logits, mask).sumNumber().doubleValue() / pixels;
    return average ? sum / labels.size(0) : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    return crossEntropies(labels, logits, mask).sum(true, 1).divi(pixels);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    INDArray gradient = Transforms.sigmoid(logits, true).subi(labels).divi(pixels);
    return mask == null ? gradient : gradient.muliColumnVector(mask);
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    return Pair.of(
        computeScore(labels, logits, activation, mask, average),
        computeGradient(labels, logits, activation, mask));
  }

  @Override
  public String name() {
    return "PixelCrossEntropy";
  }

  private static INDArray crossEntropies(INDArray labels, INDArray logits, INDArray mask) {
    INDArray softplus =
        Transforms.log(Transforms.exp(Transforms.abs(logits, true).negi(), false).addi(1), false);
    INDArray crossEntropies = softplus.addi(Transforms.relu(logits, true)).subi(logits.mul(labels));
    return mask == null ? crossEntropies : crossEntropies.muliColumnVector(mask);
  }
}
