package org.sparkvae.model.cpu;

import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.BETA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GAMMA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_LOG_STD;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_MEAN;
import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.BIAS_KEY;
import static org.deeplearning4j.nn.params.ConvolutionParamInitializer.WEIGHT_KEY;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.noise.ImageDropout;

/**
 * The implementation of {@link DecoderBlock}. It passes the memory of Deeplearning4j's arrays to
 * {@link DecoderBlockKernel}.
 */
final class DecoderBlockLayer extends CpuLayer<DecoderBlock>
    implements ImageDropout, SyncBatchNorm {
  private transient DecoderBlockKernel training;
  private transient DecoderBlockKernel inference;
  private transient long[] maskSeeds;
  private transient ReplicaSum replicaSum = ReplicaSum.SINGLE_REPLICA;

  DecoderBlockLayer(NeuralNetConfiguration configuration, DataType precision) {
    super(configuration, precision);
  }

  @Override
  public void setMaskSeeds(long[] seeds) {
    maskSeeds = seeds;
  }

  @Override
  public void setReplicaSum(ReplicaSum sum) {
    replicaSum = sum;
  }

  @Override
  public INDArray activate(boolean train, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    DecoderBlockKernel kernel = train ? trainingKernel() : inferenceKernel();
    DecoderBlockShape shape = layerConf().shape();
    INDArray output =
        createChannelsLast(
            workspaces,
            ArrayType.ACTIVATIONS,
            minibatchSize(),
            ImageShape.ROWS,
            shape.outColumns(),
            shape.outChannels());

    BatchNorm norm =
        new BatchNorm(
            values(getParam(GAMMA)), values(getParam(BETA)), layerConf().epsilon, replicaSum);
    NativeFloats source = channelsLast(input);
    NativeFloats weights = memory(getParam(WEIGHT_KEY));
    float[] bias = values(getParam(BIAS_KEY));
    if (train) {
      kernel.train(source, minibatchSize(), weights, bias, norm, maskSeeds, memory(output));
    } else {
      norm.useRunningStatistics(values(getParam(GLOBAL_MEAN)), values(getParam(GLOBAL_LOG_STD)));
      kernel.infer(source, minibatchSize(), weights, bias, norm, memory(output));
    }
    return channelsFirst(output);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    DecoderBlockShape shape = layerConf().shape();
    INDArray gradient =
        createChannelsLast(
            workspaces,
            ArrayType.ACTIVATION_GRAD,
            minibatchSize(),
            ImageShape.ROWS,
            shape.inColumns(),
            shape.inChannels());
    DecoderBlockKernel.Gradients gradients =
        training.backward(
            channelsLast(epsilon), memory(gradient), memory(gradientViews.get(WEIGHT_KEY)));
    write(BIAS_KEY, gradients.bias());
    write(GAMMA, gradients.gamma());
    write(BETA, gradients.beta());
    writeRunningStatisticsGradient();

    Gradient all = new DefaultGradient();
    gradientViews.forEach(all::setGradientFor);
    return Pair.of(all, channelsFirst(gradient));
  }

  /**
   * Writes the change of the running mean and of log₁₀ of the running standard deviation as a
   * gradient. Deeplearning4j's updater subtracts it unchanged, as for its batch norm.
   */
  private void writeRunningStatisticsGradient() {
    double decay = layerConf().decay;
    float[] mean = values(getParam(GLOBAL_MEAN));
    float[] log10stdev = values(getParam(GLOBAL_LOG_STD));
    for (int channel = 0; channel < mean.length; channel++) {
      mean[channel] = (float) ((mean[channel] - training.norm().mean(channel)) * (1 - decay));
      double variance = Math.pow(10, 2.0 * log10stdev[channel]);
      double newVariance = decay * variance + (1 - decay) * training.norm().variance(channel);
      log10stdev[channel] = (float) (0.5 * Math.log10(variance / newVariance));
    }
    write(GLOBAL_MEAN, mean);
    write(GLOBAL_LOG_STD, log10stdev);
  }

  /** Returns false for the running statistics, whose change is not a sum over the minibatch. */
  @Override
  public boolean updaterDivideByMinibatch(String parameter) {
    return !parameter.equals(GLOBAL_MEAN) && !parameter.equals(GLOBAL_LOG_STD);
  }

  private void write(String parameter, float[] gradient) {
    memory(gradientViews.get(parameter)).write(0, gradient, 0, gradient.length);
  }

  private DecoderBlockKernel trainingKernel() {
    if (training == null || training.capacity() < minibatchSize()) {
      training =
          new DecoderBlockKernel(
              layerConf().shape(),
              minibatchSize(),
              layerConf().dropout,
              true,
              OneDnn.supported(layerConf().precision()));
    }
    return training;
  }

  private DecoderBlockKernel inferenceKernel() {
    if (inference == null || inference.capacity() < minibatchSize()) {
      inference =
          new DecoderBlockKernel(
              layerConf().shape().pooledOnly(),
              minibatchSize(),
              0,
              false,
              OneDnn.supported(layerConf().precision()));
    }
    return inference;
  }
}
