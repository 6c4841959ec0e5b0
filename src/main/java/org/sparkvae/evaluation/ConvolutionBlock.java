package org.sparkvae.evaluation;

import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A block of convolution 5×5, ReLU and max-pooling 2×2. It maps {@code [minibatch, in, side, side]}
 * to {@code [minibatch, out, (side − 4) / 2, (side − 4) / 2]}.
 *
 * <p>It is a SameDiff layer because SameDiff's convolution uses oneDNN. Deeplearning4j's own layer
 * uses im2col, which takes about seven times as long here.
 */
public final class ConvolutionBlock extends SameDiffLayer {
  private static final int KERNEL = 5;
  private static final int POOL = 2;
  private static final String WEIGHTS = "W";
  private static final String BIAS = "b";

  @JsonProperty("in")
  private final int in;

  @JsonProperty("out")
  private final int out;

  /**
   * Describes a block.
   *
   * @param in the number of input channels
   * @param out the number of output channels
   */
  public ConvolutionBlock(@JsonProperty("in") int in, @JsonProperty("out") int out) {
    this.in = in;
    this.out = out;
  }

  @Override
  public SDVariable defineLayer(
      SameDiff graph, SDVariable input, Map<String, SDVariable> parameters, SDVariable mask) {
    Conv2DConfig convolution = Conv2DConfig.builder().kH(KERNEL).kW(KERNEL).build();
    Pooling2DConfig pool = Pooling2DConfig.builder().kH(POOL).kW(POOL).sH(POOL).sW(POOL).build();
    SDVariable features =
        graph.cnn().conv2d(input, parameters.get(WEIGHTS), parameters.get(BIAS), convolution);
    return graph.cnn().maxPooling2d(graph.nn().relu(features, 0), pool);
  }

  @Override
  public void defineParameters(SDLayerParams parameters) {
    parameters.addWeightParam(WEIGHTS, KERNEL, KERNEL, in, out);
    parameters.addBiasParam(BIAS, out);
  }

  /**
   * Initializes the weights after He, Zhang, Ren and Sun (2015): normal, with variance 2 / fan-in.
   */
  @Override
  public void initializeParameters(Map<String, INDArray> parameters) {
    parameters.get(BIAS).assign(0);
    double deviation = Math.sqrt(2.0 / (KERNEL * KERNEL * in));
    parameters.get(WEIGHTS).assign(Nd4j.randn(KERNEL, KERNEL, in, out).muli(deviation));
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType input) {
    InputTypeConvolutional image = (InputTypeConvolutional) input;
    return InputType.convolutional(
        (image.getHeight() - KERNEL + 1) / POOL, (image.getWidth() - KERNEL + 1) / POOL, out);
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }
}
