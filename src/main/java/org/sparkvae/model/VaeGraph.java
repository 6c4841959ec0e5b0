package org.sparkvae.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.cpu.CpuLstm;
import org.sparkvae.model.cpu.RowLinear;

/**
 * The model of the reference report (Table 2) as a Deeplearning4j graph configuration.
 *
 * <p>Inputs: {@value #IMAGE} {@code [minibatch, columns, rows]}, pixels in [0, 1], one row per time
 * step; {@value #NOISE_KEY} {@code [minibatch, 1, rows]}, see {@link
 * org.sparkvae.model.noise.NoiseKey}. Output: {@value #OUTPUT} {@code [minibatch, rows, columns]},
 * the mean of a Bernoulli distribution per pixel.
 *
 * <p>Initial weights are uniform within ±1/√fan-in, like PyTorch's defaults. The reference used
 * PyTorch but does not describe its initialization. Initial biases are 0, unlike PyTorch's, which
 * are uniform too. The biases of the output are an exception, see {@link #untrained}.
 */
public final class VaeGraph {
  public static final String IMAGE = "image";
  public static final String NOISE_KEY = "noise_key";

  /** The layer of the encoder's states, 32 values per image row. */
  public static final String STATE = "relu";

  public static final String MEAN = "mean";
  public static final String LOG_VARIANCE = "log_var";
  public static final String SAMPLE = "z";
  public static final String OUTPUT = "output";

  private static final int HIDDEN = 32;

  private VaeGraph() {}

  /**
   * Creates an untrained model. The biases of its output are −1/√3 = −0.58 instead of 0. This is
   * the lower bound of PyTorch's initial biases for a layer with three inputs. Most pixels are
   * dark, and with these biases the first epoch spends less time on learning that.
   */
  public static ComputationGraph untrained(ModelConfig config) {
    ComputationGraph model = new ComputationGraph(autoEncoderConfiguration(config));
    model.init();
    model
        .getLayer(OUTPUT)
        .getParam(DefaultParamInitializer.BIAS_KEY)
        .assign(-1 / Math.sqrt(config.outputLayerInputs()));
    return model;
  }

  /** Returns the configuration in single precision, with the backend of this build. */
  public static ComputationGraphConfiguration autoEncoderConfiguration(ModelConfig config) {
    return autoEncoderConfiguration(config, LayerBackend.ofThisBuild());
  }

  /** Returns the configuration in single precision. */
  public static ComputationGraphConfiguration autoEncoderConfiguration(
      ModelConfig config, LayerBackend backend) {
    return autoEncoderConfiguration(config, backend, DataType.FLOAT, adam(config));
  }

  public static ComputationGraphConfiguration autoEncoderConfiguration(
      ModelConfig config, LayerBackend backend, DataType precision, IUpdater updater) {
    boolean cpu = backend == LayerBackend.CPU;
    Convolution1DLayer mean = fullyConnected(config.latentChannels());
    Convolution1DLayer logVariance = fullyConnected(config.latentChannels());
    GraphBuilder graph =
        graphBuilder(config, precision, updater)
            .addInputs(IMAGE, NOISE_KEY)
            .setInputTypes(inputTypes());

    graph
        .addLayer("lstm", cpu ? new CpuLstm(lstm()) : lstm(), IMAGE)
        .addLayer(STATE, new ActivationLayer(Activation.RELU), "lstm")
        .addLayer(MEAN, cpu ? new RowLinear(mean) : mean, STATE)
        .addLayer(LOG_VARIANCE, cpu ? new RowLinear(logVariance) : logVariance, STATE)
        .addVertex(
            SAMPLE,
            SamplingVertex.of(
                SAMPLE, new SamplingLayer(config.lambda(), config.klWarmupEpochs(), backend)),
            MEAN,
            LOG_VARIANCE,
            NOISE_KEY);
    return DecoderLayers.addTo(graph, config, backend).build();
  }

  /** Returns the types of the inputs, in their order. */
  static InputType[] inputTypes() {
    return new InputType[] {
      InputType.recurrent(ImageShape.COLUMNS, ImageShape.ROWS, RNNFormat.NCW),
      InputType.recurrent(1, ImageShape.ROWS, RNNFormat.NCW)
    };
  }

  /**
   * Returns a model with the backend of this build, converted if it has another one. A CUDA build
   * trains with Deeplearning4j's layers. A CPU build trains with this project's layers, which
   * cannot run on a GPU.
   *
   * @throws InputDataException if the model has another configuration. The message states the
   *     reason; the caller adds the file.
   */
  public static ComputationGraph forThisBuild(ComputationGraph autoEncoder, ModelConfig config) {
    ModelFile.checkConfig(autoEncoder, config);
    LayerBackend backend = LayerBackend.ofThisBuild();
    return LayerBackend.of(autoEncoder) == backend
        ? autoEncoder
        : withBackend(backend, autoEncoder, config);
  }

  /**
   * Returns a copy with another backend. It keeps parameters, optimizer state and iteration counts.
   */
  public static ComputationGraph withBackend(
      LayerBackend backend, ComputationGraph autoEncoder, ModelConfig config) {
    ComputationGraph copy = new ComputationGraph(autoEncoderConfiguration(config, backend));
    copy.init(autoEncoder.params().dup(), false);
    copy.getUpdater().setStateViewArray(autoEncoder.getUpdater().getStateViewArray());
    copy.getConfiguration().setIterationCount(autoEncoder.getConfiguration().getIterationCount());
    copy.getConfiguration().setEpochCount(autoEncoder.getConfiguration().getEpochCount());
    return copy;
  }

  /**
   * Returns the configuration of the decoder alone, with the same layer names. Input: {@value
   * #SAMPLE} {@code [minibatch, L, rows, 1]}.
   */
  public static ComputationGraphConfiguration decoderConfiguration(
      ModelConfig config, LayerBackend backend) {
    GraphBuilder graph =
        graphBuilder(config, DataType.FLOAT, adam(config))
            .addInputs(SAMPLE)
            .setInputTypes(InputType.convolutional(ImageShape.ROWS, 1, config.latentChannels()));
    return DecoderLayers.addTo(graph, config, backend).build();
  }

  private static GraphBuilder graphBuilder(
      ModelConfig config, DataType precision, IUpdater updater) {
    return new NeuralNetConfiguration.Builder()
        .seed(config.seed())
        .dataType(precision)
        .updater(updater)
        .graphBuilder();
  }

  private static IUpdater adam(ModelConfig config) {
    double rate = config.learningRate();
    double decay = config.learningRateDecay();
    return decay == 1
        ? new Adam(rate)
        : new Adam(new ExponentialSchedule(ScheduleType.EPOCH, rate, decay));
  }

  private static LSTM lstm() {
    return new LSTM.Builder()
        .nIn(ImageShape.COLUMNS)
        .nOut(HIDDEN)
        .activation(Activation.TANH)
        .gateActivationFunction(Activation.SIGMOID)
        .forgetGateBiasInit(0)
        .dataFormat(RNNFormat.NCW)
        .weightInit(uniformInit(HIDDEN))
        .weightInitRecurrent(uniformInit(HIDDEN))
        .build();
  }

  /**
   * Returns a linear map of each row's hidden state. Deeplearning4j reads the weights of a 1×1
   * convolution in the layout {@code [in, out]} and ignores the shape of their array.
   */
  private static Convolution1DLayer fullyConnected(int out) {
    return new Convolution1DLayer.Builder(1)
        .nIn(HIDDEN)
        .nOut(out)
        .rnnDataFormat(RNNFormat.NCW)
        .activation(Activation.IDENTITY)
        .weightInit(uniformInit(HIDDEN))
        .build();
  }

  /** Returns the distribution of the initial weights of a layer, like PyTorch's. */
  static UniformDistribution uniformInit(int fanIn) {
    double bound = 1 / Math.sqrt(fanIn);
    return new UniformDistribution(-bound, bound);
  }
}
