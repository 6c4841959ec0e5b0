package org.sparkvae.model;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.sparkvae.model.noise.DropoutMask;
import org.sparkvae.model.noise.ImageDropout;

/**
 * Dropout for Deeplearning4j's layers with the masks of {@link DropoutMask}, which the decoder
 * block of the CPU backend also uses. A mask has 0 for dropped and 1 / (1 − p) for kept elements.
 * Arrays are {@code [minibatch, channels, height, width]}; element indices count with the channels
 * last.
 */
public final class SeededDropout implements IDropout, ImageDropout {
  @JsonProperty("probability")
  private final double probability;

  private transient long[] maskSeeds;
  private transient INDArray mask;

  /**
   * Creates the dropout.
   *
   * @param probability probability of dropping an activation, in (0, 1)
   */
  public SeededDropout(@JsonProperty("probability") double probability) {
    this.probability = probability;
  }

  @Override
  public void setMaskSeeds(long[] seeds) {
    maskSeeds = seeds;
  }

  @Override
  public INDArray applyDropout(
      INDArray activations,
      INDArray result,
      int iteration,
      int epoch,
      LayerWorkspaceMgr workspaces) {
    long[] shape = activations.shape();
    int elements = (int) (shape[1] * shape[2] * shape[3]);
    float[] values = new float[(int) activations.length()];
    float kept = (float) (1 / (1 - probability));
    IntStream.range(0, (int) shape[0])
        .parallel()
        .forEach(
            image -> {
              int offset = image * elements;
              Arrays.fill(values, offset, offset + elements, kept);
              DropoutMask.forEachDropped(
                  maskSeeds[image], elements, probability, i -> values[offset + i] = 0);
            });
    mask =
        Nd4j.createFromArray(values)
            .castTo(activations.dataType())
            .reshape('c', shape[0], shape[2], shape[3], shape[1])
            .permute(0, 3, 1, 2)
            .detach();
    return activations.muli(mask, result);
  }

  @Override
  public INDArray backprop(INDArray gradient, INDArray result, int iteration, int epoch) {
    return gradient.muli(mask, result);
  }

  @Override
  public void clear() {
    mask = null;
  }

  @Override
  public IDropout clone() {
    return new SeededDropout(probability);
  }
}
