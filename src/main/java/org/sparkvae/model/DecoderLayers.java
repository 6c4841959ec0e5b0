package org.sparkvae.model;

import static org.sparkvae.model.DecoderBlockConfig.KERNEL;
import static org.sparkvae.model.DecoderBlockConfig.POOL;
import static org.sparkvae.model.DecoderBlockConfig.STRIDE;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.deeplearning4j.preprocessors.ReshapePreprocessor;
import org.nd4j.linalg.activations.Activation;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.cpu.DecoderBlock;

/** The layers of the decoder: the blocks of {@link ModelConfig#decoderBlocks} and the output. */
final class DecoderLayers {
  private static final double NORM_DECAY = 0.9;
  private static final double NORM_EPSILON = 1e-5;

  private DecoderLayers() {}

  /** Adds the decoder to a graph, after {@link VaeGraph#SAMPLE}. */
  static GraphBuilder addTo(GraphBuilder graph, ModelConfig config, LayerBackend backend) {
    String last = VaeGraph.SAMPLE;
    for (DecoderBlockConfig block : config.decoderBlocks()) {
      last =
          backend == LayerBackend.CPU
              ? addFusedBlock(graph, block, config, last)
              : addBlock(graph, block, config.dropout(), last);
    }
    int inputs = config.outputLayerInputs();
    long[] oneChannel = {1, ImageShape.ROWS, inputs};
    long[] rows = {ImageShape.ROWS, inputs};
    return graph
        .addLayer(
            VaeGraph.OUTPUT,
            rowOutput(inputs),
            new ReshapePreprocessor(oneChannel, rows, false, RNNFormat.NWC),
            last)
        .setOutputs(VaeGraph.OUTPUT);
  }

  private static String addFusedBlock(
      GraphBuilder graph, DecoderBlockConfig block, ModelConfig config, String input) {
    DecoderBlock layer =
        new DecoderBlock(
            block.inChannels(),
            block.outChannels(),
            block.inColumns(),
            config.dropout(),
            NORM_DECAY,
            NORM_EPSILON,
            config.precision());
    layer.setWeightInitFn(new WeightInitDistribution(transposedConvolutionInit(block)));
    graph.addLayer(block.name(), layer, input);
    return block.name();
  }

  /** Adds one layer for each operation. Returns the name of the last layer. */
  private static String addBlock(
      GraphBuilder graph, DecoderBlockConfig block, double dropout, String input) {
    String name = block.name();
    graph
        .addLayer(name + "_deconv", transposedConvolution(block), input)
        .addLayer(name + "_norm", batchNorm(block.outChannels()), name + "_deconv")
        .addLayer(name + "_pool", maxPool(), name + "_norm");
    if (dropout == 0) {
      return name + "_pool";
    }
    graph.addLayer(name + "_dropout", new DropoutLayer(new SeededDropout(dropout)), name + "_pool");
    return name + "_dropout";
  }

  private static Deconvolution2D transposedConvolution(DecoderBlockConfig block) {
    return new Deconvolution2D.Builder(KERNEL, KERNEL)
        .nIn(block.inChannels())
        .nOut(block.outChannels())
        .stride(STRIDE)
        .convolutionMode(ConvolutionMode.Truncate)
        .activation(Activation.RELU)
        .weightInit(transposedConvolutionInit(block))
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

  /** Returns the output layer: a linear map of each row, sigmoid, binary cross-entropy. */
  private static RnnOutputLayer rowOutput(int inputs) {
    return new RnnOutputLayer.Builder(new PixelCrossEntropy(ImageShape.PIXELS))
        .nIn(inputs)
        .nOut(ImageShape.COLUMNS)
        .dataFormat(RNNFormat.NWC)
        .activation(Activation.SIGMOID)
        .weightInit(VaeGraph.uniformInit(inputs))
        .build();
  }

  /**
   * Returns the distribution of a transposed convolution's initial weights. Like PyTorch, it uses
   * the output channels for the fan-in.
   */
  private static UniformDistribution transposedConvolutionInit(DecoderBlockConfig block) {
    return VaeGraph.uniformInit(block.outChannels() * KERNEL * KERNEL);
  }
}
