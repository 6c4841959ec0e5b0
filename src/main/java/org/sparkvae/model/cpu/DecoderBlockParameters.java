package org.sparkvae.model.cpu;

import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.BETA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GAMMA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_LOG_STD;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_MEAN;
import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.BIAS_KEY;
import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.WEIGHT_KEY;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The parameter layout of a decoder block. It is that of Deeplearning4j's transposed convolution,
 * followed by that of its batch norm.
 */
final class DecoderBlockParameters implements ParamInitializer {
  static final DecoderBlockParameters INSTANCE = new DecoderBlockParameters();

  private static final int KERNEL_SIZE = DecoderBlockShape.KERNEL * DecoderBlockShape.KERNEL;
  private static final List<String> KEYS =
      List.of(BIAS_KEY, WEIGHT_KEY, GAMMA, BETA, GLOBAL_MEAN, GLOBAL_LOG_STD);

  private DecoderBlockParameters() {}

  @Override
  public long numParams(NeuralNetConfiguration configuration) {
    return numParams(configuration.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    DecoderBlock block = (DecoderBlock) layer;
    return block.getNIn() * block.getNOut() * KERNEL_SIZE + 5 * block.getNOut();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return KEYS;
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return List.of(WEIGHT_KEY);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return List.of(BIAS_KEY);
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return key.equals(WEIGHT_KEY);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return key.equals(BIAS_KEY);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration configuration, INDArray flat, boolean initialize) {
    DecoderBlock block = (DecoderBlock) configuration.getLayer();
    Map<String, INDArray> views = views(block, flat);
    KEYS.forEach(configuration::addVariable);
    if (initialize) {
      INDArray weights = views.get(WEIGHT_KEY);
      flat.assign(0);
      views.get(GAMMA).assign(1);
      block
          .getWeightInitFn()
          .init(
              (double) block.getNIn() * KERNEL_SIZE,
              (double) block.getNOut() * KERNEL_SIZE / DecoderBlockShape.STRIDE,
              weights.shape(),
              'c',
              weights.reshape(weights.length()));
    }
    return views;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration configuration, INDArray flat) {
    return views((DecoderBlock) configuration.getLayer(), flat);
  }

  private static Map<String, INDArray> views(DecoderBlock block, INDArray flat) {
    Map<String, INDArray> views = new LinkedHashMap<>();
    long offset = 0;
    for (String key : KEYS) {
      boolean isWeight = key.equals(WEIGHT_KEY);
      long length = block.getNOut() * (isWeight ? block.getNIn() * KERNEL_SIZE : 1);
      INDArray view =
          flat.reshape(flat.length()).get(NDArrayIndex.interval(offset, offset + length));
      views.put(
          key,
          isWeight
              ? view.reshape(
                  'c',
                  block.getNIn(),
                  block.getNOut(),
                  DecoderBlockShape.KERNEL,
                  DecoderBlockShape.KERNEL)
              : view);
      offset += length;
    }
    return views;
  }
}
