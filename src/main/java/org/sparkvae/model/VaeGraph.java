package org.sparkvae.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.deeplearning4j.preprocessors.ReshapePreprocessor;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.model.cpu.CpuLstm;
import org.sparkvae.model.cpu.DecoderBlock;
import org.sparkvae.model.cpu.RowLinear;

/**
 * The report's model (Table 2) as a Deeplearning4j graph configuration.
 *
 * <p>Inputs: {@value #IMAGE} {@code [minibatch, 28 columns, 28 rows]}, pixels in [0, 1], a row per
 * time step; {@value #NOISE_KEY} {@code [minibatch, 1, 28]}, see {@link NoiseKey}. Output: {@value
 * #OUTPUT} {@code [minibatch, 28 rows, 28 columns]}, the mean of a Bernoulli for each pixel.
 *
 * <p>Weights start as PyTorch's defaults do, which the report's model had: uniform within
 * ±1/√fan-in. Biases start at 0, where PyTorch's are uniform too, but for the output's, see {@link
 * #untrained}.
 */
public final class VaeGraph {
  public static final String IMAGE = "image";
  public static final String NOISE_KEY = "noise_key";
  public static final String STATE = "relu";
  public static final String MEAN = "mean";
  public static final String LOG_VARIANCE = "log_var";
  public static final String SAMPLE = "z";
  public static final String OUTPUT = "output";

  private static final int SIDE = ModelConfig.SIDE;
  private static final int HIDDEN = 32;
  private static final int KERNEL = 5;
  private static final int[] STRIDE = {3, 1};
  private static final int[] POOL = {3, 2};
  private static final double NORM_DECAY = 0.9;
  private static final double NORM_EPSILON = 1e-5;

  /** The least that PyTorch would draw for a layer with three inputs, -1/√fan-in. */
  private static final double OUTPUT_BIAS = -1 / Math.sqrt(3);

  private VaeGraph() {}

  /**
   * A model to begin training with. Its output's biases are -1/√3 = -0.58 instead of 0, so that
   * less of the first epoch is spent on learning that most of an image is dark.
   */
  public static ComputationGraph untrained(ModelConfig architecture) {
    ComputationGraph model = new ComputationGraph(autoEncoder(architecture));
    model.init();
    model.getLayer(OUTPUT).getParam(DefaultParamInitializer.BIAS_KEY).assign(OUTPUT_BIAS);
    return model;
  }

  /** The whole auto-encoder, in single precision, with the layers that suit this build. */
  public static ComputationGraphConfiguration autoEncoder(ModelConfig architecture) {
    return autoEncoder(architecture, LayerBackend.ofThisBuild());
  }

  /** The whole auto-encoder, in single precision. */
  public static ComputationGraphConfiguration autoEncoder(
      ModelConfig architecture, LayerBackend layers) {
    return autoEncoder(architecture, layers, DataType.FLOAT, adam(architecture));
  }

  static ComputationGraphConfiguration autoEncoder(
      ModelConfig architecture, LayerBackend layers, DataType precision, IUpdater updater) {
    boolean cpu = layers == LayerBackend.CPU;
    Convolution1DLayer mean = fullyConnected(architecture.latentChannels());
    Convolution1DLayer logVariance = fullyConnected(architecture.latentChannels());
    GraphBuilder graph =
        common(architecture, precision, updater)
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
                SAMPLE,
                new SamplingLayer(architecture.lambda(), architecture.klWarmupEpochs(), layers)),
            MEAN,
            LOG_VARIANCE,
            NOISE_KEY);
    return decoder(graph, architecture, layers).build();
  }

  /** The shapes of the inputs, in their order. */
  static InputType[] inputTypes() {
    return new InputType[] {
      InputType.recurrent(SIDE, SIDE, RNNFormat.NCW), InputType.recurrent(1, SIDE, RNNFormat.NCW)
    };
  }

  /**
   * A model as this build runs it: one that was trained on a GPU comes with Deeplearning4j's
   * layers, and one that was trained on a CPU with this project's, which a GPU cannot run.
   *
   * @throws InputDataException if it is of another architecture; its message leaves it to the
   *     caller to say which model
   */
  public static ComputationGraph forThisBuild(
      ComputationGraph autoEncoder, ModelConfig architecture) {
    ModelFile.check(autoEncoder, architecture);
    LayerBackend layers = LayerBackend.ofThisBuild();
    return LayerBackend.of(autoEncoder) == layers
        ? autoEncoder
        : with(layers, autoEncoder, architecture);
  }

  /** The same model, parameters, optimiser's state and counts of iterations, with other layers. */
  public static ComputationGraph with(
      LayerBackend layers, ComputationGraph autoEncoder, ModelConfig architecture) {
    ComputationGraph other = new ComputationGraph(autoEncoder(architecture, layers));
    other.init(autoEncoder.params().dup(), false);
    other.getUpdater().setStateViewArray(autoEncoder.getUpdater().getStateViewArray());
    other.getConfiguration().setIterationCount(autoEncoder.getConfiguration().getIterationCount());
    other.getConfiguration().setEpochCount(autoEncoder.getConfiguration().getEpochCount());
    return other;
  }

  /**
   * The decoder alone, with the same layer names. Input: {@value #SAMPLE} {@code [minibatch, L, 28,
   * 1]}.
   */
  public static ComputationGraphConfiguration decoder(
      ModelConfig architecture, LayerBackend layers) {
    GraphBuilder graph =
        common(architecture, DataType.FLOAT, adam(architecture))
            .addInputs(SAMPLE)
            .setInputTypes(InputType.convolutional(SIDE, 1, architecture.latentChannels()));
    return decoder(graph, architecture, layers).build();
  }

  private static GraphBuilder decoder(GraphBuilder graph, ModelConfig model, LayerBackend layers) {
    Block block = layers == LayerBackend.CPU ? VaeGraph::fusedBlock : VaeGraph::block;
    String block1 =
        block.add(graph, "block1", model.latentChannels(), 1, 128, model.dropout(), SAMPLE);
    String block2 = block.add(graph, "block2", 128, 2, 64, model.dropout(), block1);
    String block3 = block.add(graph, "block3", 64, 3, 1, model.dropout(), block2);
    return graph
        .addLayer(
            OUTPUT,
            rowOutput(),
            new ReshapePreprocessor(
                new long[] {1, SIDE, 3}, new long[] {SIDE, 3}, false, RNNFormat.NWC),
            block3)
        .setOutputs(OUTPUT);
  }

  /**
   * Transposed convolution, ReLU, batch norm, max-pool and dropout; returns the last one's name.
   */
  private interface Block {
    String add(
        GraphBuilder graph,
        String name,
        int in,
        int columns,
        int out,
        double dropout,
        String input);
  }

  private static String fusedBlock(
      GraphBuilder graph, String name, int in, int columns, int out, double dropout, String input) {
    DecoderBlock block = new DecoderBlock(in, out, columns, dropout, NORM_DECAY, NORM_EPSILON);
    block.setWeightInitFn(new WeightInitDistribution(transposedFanIn(out)));
    graph.addLayer(name, block, input);
    return name;
  }

  private static String block(
      GraphBuilder graph, String name, int in, int columns, int out, double dropout, String input) {
    graph
        .addLayer(name + "_deconv", transposedConvolution(in, out), input)
        .addLayer(name + "_norm", batchNorm(out), name + "_deconv")
        .addLayer(name + "_pool", maxPool(), name + "_norm");
    if (dropout == 0) {
      return name + "_pool";
    }
    graph.addLayer(name + "_dropout", new DropoutLayer(new SeededDropout(dropout)), name + "_pool");
    return name + "_dropout";
  }

  private static GraphBuilder common(
      ModelConfig architecture, DataType precision, IUpdater updater) {
    return new NeuralNetConfiguration.Builder()
        .seed(architecture.seed())
        .dataType(precision)
        .updater(updater)
        .graphBuilder();
  }

  private static IUpdater adam(ModelConfig architecture) {
    double rate = architecture.learningRate();
    double decay = architecture.learningRateDecay();
    return decay == 1
        ? new Adam(rate)
        : new Adam(new ExponentialSchedule(ScheduleType.EPOCH, rate, decay));
  }

  private static LSTM lstm() {
    return new LSTM.Builder()
        .nIn(SIDE)
        .nOut(HIDDEN)
        .activation(Activation.TANH)
        .gateActivationFunction(Activation.SIGMOID)
        .forgetGateBiasInit(0)
        .dataFormat(RNNFormat.NCW)
        .weightInit(uniform(HIDDEN))
        .weightInitRecurrent(uniform(HIDDEN))
        .build();
  }

  /**
   * A linear map of each row's hidden state. Deeplearning4j reads a 1×1 convolution's weights as if
   * they were laid out {@code [in, out]}, whatever shape it gives them.
   */
  private static Convolution1DLayer fullyConnected(int out) {
    return new Convolution1DLayer.Builder(1)
        .nIn(HIDDEN)
        .nOut(out)
        .rnnDataFormat(RNNFormat.NCW)
        .activation(Activation.IDENTITY)
        .weightInit(uniform(HIDDEN))
        .build();
  }

  private static Deconvolution2D transposedConvolution(int in, int out) {
    return new Deconvolution2D.Builder(KERNEL, KERNEL)
        .nIn(in)
        .nOut(out)
        .stride(STRIDE)
        .convolutionMode(ConvolutionMode.Truncate)
        .activation(Activation.RELU)
        .weightInit(transposedFanIn(out))
        .build();
  }

  private static BatchNormalization batchNorm(int channels) {
    return new BatchNormalization.Builder()
        .nOut(channels)
        .decay(NORM_DECAY)
        .eps(NORM_EPSILON)
        .build();
  }

  private static SubsamplingLayer maxPool() {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX, POOL, POOL)
        .convolutionMode(ConvolutionMode.Truncate)
        .build();
  }

  /** Linear 3→28 on each of 28 rows, sigmoid, binary cross-entropy. */
  private static RnnOutputLayer rowOutput() {
    return new RnnOutputLayer.Builder(new PixelCrossEntropy(ModelConfig.PIXELS))
        .nIn(3)
        .nOut(SIDE)
        .dataFormat(RNNFormat.NWC)
        .activation(Activation.SIGMOID)
        .weightInit(uniform(3))
        .build();
  }

  /** PyTorch counts a transposed convolution's output channels as its fan-in. */
  private static UniformDistribution transposedFanIn(int out) {
    return uniform(out * KERNEL * KERNEL);
  }

  private static UniformDistribution uniform(int fanIn) {
    double bound = 1 / Math.sqrt(fanIn);
    return new UniformDistribution(-bound, bound);
  }
}
