package org.sparkvae.collective;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.model.NativeBackend;

/**
 * Measures how long sums over two workers take: of 256 doubles, as in batch norm, and of the
 * gradients of Model 1. Prints a line "bytes,milliseconds" with the median of each.
 */
final class SumExperiment {
  private static final int PARAMETERS = 1_051_381;

  /** Each worker has its own array, as it has its own gradients. */
  private static final ThreadLocal<INDArray> GRADIENTS =
      ThreadLocal.withInitial(() -> Nd4j.create(DataType.FLOAT, PARAMETERS));

  private SumExperiment() {}

  public static void main(String[] arguments) {
    NativeBackend.select();
    print(256 * Double.BYTES, communicator -> communicator.sum(new double[256]));
    print(PARAMETERS * Float.BYTES, communicator -> communicator.sum(GRADIENTS.get()));
  }

  private static void print(int bytes, Consumer<Communicator> sum) {
    List<Double> medians = WorkerThreads.run(2, communicator -> medianMillis(communicator, sum));
    System.out.printf("%d,%.3f%n", bytes, medians.get(0));
  }

  private static double medianMillis(Communicator communicator, Consumer<Communicator> sum) {
    double[] millis = new double[300];
    for (int i = 0; i < millis.length; i++) {
      long start = System.nanoTime();
      sum.accept(communicator);
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    // The first sums are slower, because the JVM has not compiled their code yet.
    double[] steady = Arrays.copyOfRange(millis, 100, millis.length);
    Arrays.sort(steady);
    return steady[steady.length / 2];
  }
}
