package org.sparkvae.model.cpu;

import java.util.Collection;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.sparkvae.config.Precision;
import org.sparkvae.image.ImageShape;

/**
 * Configuration of a decoder block as one layer: transposed convolution 5×5 with stride (3, 1) and
 * bias, ReLU, batch norm, max-pooling 3×2, dropout. Its parameters have the names and the order of
 * those of Deeplearning4j's {@code Deconvolution2D} and {@code BatchNormalization}.
 *
 * <p>Input: {@code [minibatch, nIn, rows, inColumns]}. Output: {@code [minibatch, nOut, rows,
 * (inColumns + 4) / 2]}.
 *
 * <p>Deeplearning4j writes this class to {@code model.zip}, so its name and its JSON properties
 * must not change.
 */
public final class DecoderBlock extends FeedForwardLayer {
  @JsonProperty("inColumns")
  private final int inColumns;

  @JsonProperty("dropout")
  final double dropout;

  @JsonProperty("decay")
  final double decay;

  @JsonProperty("epsilon")
  final double epsilon;

  /** Null means single precision, so that such models are the same as those of earlier versions. */
  @JsonProperty("precision")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private final Precision precision;

  /**
   * Creates the configuration of a block.
   *
   * @param nIn number of input channels
   * @param nOut number of output channels
   * @param inColumns number of input columns
   * @param dropout probability of dropping an activation
   * @param decay decay of the running statistics of batch norm
   * @param epsilon number added to the variance of batch norm
   * @param precision precision of the factors in matrix products; null means single precision
   */
  public DecoderBlock(
      @JsonProperty("nin") long nIn,
      @JsonProperty("nout") long nOut,
      @JsonProperty("inColumns") int inColumns,
      @JsonProperty("dropout") double dropout,
      @JsonProperty("decay") double decay,
      @JsonProperty("epsilon") double epsilon,
      @JsonProperty("precision") Precision precision) {
    this.nIn = nIn;
    this.nOut = nOut;
    this.inColumns = inColumns;
    this.dropout = dropout;
    this.decay = decay;
    this.epsilon = epsilon;
    this.precision = precision == Precision.FLOAT32 ? null : precision;
  }

  /** Returns the precision of the factors in matrix products. */
  public Precision precision() {
    return precision == null ? Precision.FLOAT32 : precision;
  }

  DecoderBlockShape shape() {
    return DecoderBlockShape.full((int) nIn, inColumns, (int) nOut);
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray parameters,
      boolean initializeParameters,
      DataType dataType) {
    return CpuLayer.initialize(
        new DecoderBlockLayer(configuration, dataType),
        configuration,
        listeners,
        layerIndex,
        parameters,
        initializeParameters);
  }

  @Override
  public ParamInitializer initializer() {
    return DecoderBlockParameters.INSTANCE;
  }

  /** Returns no updater for the running statistics, which {@link DecoderBlockLayer} updates. */
  @Override
  public IUpdater getUpdaterByParam(String parameter) {
    return parameter.equals(BatchNormalizationParamInitializer.GLOBAL_MEAN)
            || parameter.equals(BatchNormalizationParamInitializer.GLOBAL_LOG_STD)
        ? new NoOp()
        : super.getUpdaterByParam(parameter);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType input) {
    InputTypeConvolutional image = (InputTypeConvolutional) input;
    if (image.getChannels() != nIn
        || image.getHeight() != ImageShape.ROWS
        || image.getWidth() != inColumns) {
      throw new IllegalStateException(
          "Layer %s: expected an input of [%d, %d, %d], found %s."
              .formatted(layerName, nIn, ImageShape.ROWS, inColumns, input));
    }
    return InputType.convolutional(ImageShape.ROWS, shape().outColumns(), nOut);
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    // The constructor sets it.
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    return new LayerMemoryReport.Builder(
            layerName, DecoderBlock.class, input, getOutputType(-1, input))
        .standardMemory(initializer().numParams(this), 0)
        .build();
  }
}
