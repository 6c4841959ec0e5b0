package org.sparkvae.model.cpu;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.sparkvae.config.Precision;
import org.sparkvae.image.ImageShape;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.model.cpu.SyncBatchNorm.ReplicaSum;
import org.sparkvae.model.noise.GaussianNoise;

/**
 * A JMH benchmark of the decoder blocks of Model 1 with a minibatch of 100, and of the noise of one
 * image.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class KernelBenchmark {
  private static final int MINIBATCH = 100;

  @Param({"256", "128", "64"})
  private int inChannels;

  private DecoderBlockShape shape;
  private DecoderBlockKernel training;
  private DecoderBlockKernel inference;
  private NativeFloats source;
  private NativeFloats target;
  private NativeFloats weights;
  private NativeFloats weightGradient;
  private NativeFloats inGradient;
  private float[] noise;
  private long[] seeds;

  @Setup
  public void allocate() {
    NativeBackend.select();
    Nd4j.create(1);
    int inColumns = inChannels == 256 ? 1 : inChannels == 128 ? 2 : 3;
    int outChannels = inChannels == 64 ? 1 : inChannels / 2;
    shape = DecoderBlockShape.full(inChannels, inColumns, outChannels);
    training = new DecoderBlockKernel(shape, MINIBATCH, 0.01, true, Precision.FLOAT32);
    inference = new DecoderBlockKernel(shape.pooledOnly(), MINIBATCH, 0, false, Precision.FLOAT32);
    source = random(MINIBATCH * ImageShape.ROWS * shape.inRowSize(), 1);
    inGradient = random(MINIBATCH * ImageShape.ROWS * shape.inRowSize(), 1);
    target = random(MINIBATCH * shape.outImageSize(), 1);
    weights = random(inChannels * outChannels * 25, 0.02f);
    weightGradient = random(inChannels * outChannels * 25, 1);
    noise = new float[256 * ImageShape.ROWS];
    seeds = LongStream.range(0, MINIBATCH).toArray();
  }

  @Benchmark
  public Object trainingStep() {
    training.train(
        source, MINIBATCH, weights, new float[shape.outChannels()], norm(), seeds, target);
    return training.backward(target, inGradient, weightGradient);
  }

  @Benchmark
  public Object inference() {
    inference.infer(source, MINIBATCH, weights, new float[shape.outChannels()], norm(), target);
    return target;
  }

  @Benchmark
  public float[] noiseOfAnImage() {
    GaussianNoise.fill(inChannels, noise.length, noise, 0);
    return noise;
  }

  private BatchNorm norm() {
    float[] ones = new float[shape.outChannels()];
    Arrays.fill(ones, 1);
    BatchNorm norm = new BatchNorm(ones, new float[ones.length], 1e-5, ReplicaSum.SINGLE_REPLICA);
    norm.useRunningStatistics(new float[ones.length], new float[ones.length]);
    return norm;
  }

  private static NativeFloats random(int length, float scale) {
    Random random = new Random(1);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = scale * (random.nextFloat() - 0.5f);
    }
    NativeFloats buffer = NativeFloats.zeros(length);
    buffer.write(0, values, 0, length);
    return buffer;
  }
}
