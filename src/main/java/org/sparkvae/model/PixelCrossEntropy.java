package org.sparkvae.model;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Binary cross-entropy of grey pixels in [0, 1], as the mean over an image's pixels, in nats per
 * pixel: −mean(y log p + (1 − y) log(1 − p)).
 *
 * <p>Computed from the logits x as max(x, 0) − x·y + log(1 + e^−|x|), which stays exact where
 * Deeplearning4j's own loss clips p. For targets that are not binary it does not reach 0 but the
 * targets' own entropy.
 */
public final class PixelCrossEntropy implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private final int pixels;

  /**
   * Makes the loss of images of a size.
   *
   * @param pixels pixels of an image; the labels may come a row at a time
   */
  public PixelCrossEntropy(@JsonProperty("pixels") int pixels) {
    this.pixels = pixels;
  }

  public int getPixels() {
    return pixels;
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
    INDArray all = softplus.addi(Transforms.relu(logits, true)).subi(logits.mul(labels));
    return mask == null ? all : all.muliColumnVector(mask);
  }
}
