package org.sparkvae.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ludovic.netlib.lapack.JavaLAPACK;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netlib.lapack.Dlamch;

class SymmetricEigendecompositionTest {
  private static final int THREADS = 2;

  @Test
  void isAsByHand() {
    SymmetricEigendecomposition parts =
        SymmetricEigendecomposition.of(new double[][] {{2, 1}, {1, 2}});
    assertThat(parts.values()).containsExactly(new double[] {3, 1}, within(1e-12));
    double half = Math.sqrt(0.5);
    assertThat(Math.abs(parts.vectors()[0][0])).isCloseTo(half, within(1e-12));
    assertThat(parts.vectors()[0][0]).isCloseTo(parts.vectors()[0][1], within(1e-12));
    assertThat(parts.vectors()[1][0]).isCloseTo(-parts.vectors()[1][1], within(1e-12));
  }

  /** As covariances of fewer images than components are, with sizes far apart. */
  @Test
  void putTogetherAgainItIsTheMatrix() {
    Random random = new Random(1);
    for (int size = 1; size <= 64; size++) {
      int rank = 1 + random.nextInt(size);
      double[][] matrix = new double[size][size];
      for (int k = 0; k < rank; k++) {
        double[] part = random.doubles(size, -1, 1).toArray();
        double scale = Math.pow(10, -random.nextInt(18));
        for (int i = 0; i < size; i++) {
          for (int j = 0; j < size; j++) {
            matrix[i][j] += scale * part[i] * part[j];
          }
        }
      }
      assertPutTogether(SymmetricEigendecomposition.of(matrix), matrix);
    }
  }

  private static void assertPutTogether(SymmetricEigendecomposition parts, double[][] matrix) {
    int size = matrix.length;
    assertThat(parts.values()).isSortedAccordingTo((one, other) -> Double.compare(other, one));
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double sum = 0;
        for (int k = 0; k < size; k++) {
          sum += parts.values()[k] * parts.vectors()[k][i] * parts.vectors()[k][j];
        }
        assertThat(sum).isCloseTo(matrix[i][j], within(1e-12 * parts.values()[0]));
      }
    }
  }

  /** Each time with classes that nobody has used before. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void severalThreadsMayBeTheFirst() throws Exception {
    double[][] matrix = {{4, 1, 0.5}, {1, 3, 0.2}, {0.5, 0.2, 2}};
    double[] expected = SymmetricEigendecomposition.of(matrix).values();
    for (int round = 0; round < 100; round++) {
      try (URLClassLoader anew = ownCopies()) {
        Method of =
            anew.loadClass(SymmetricEigendecomposition.class.getName())
                .getMethod("of", double[][].class);
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        List<CompletableFuture<double[]>> found =
            Stream.generate(() -> CompletableFuture.supplyAsync(() -> values(of, matrix, barrier)))
                .limit(THREADS)
                .toList();
        for (CompletableFuture<double[]> each : found) {
          assertThat(each.get()).isEqualTo(expected);
        }
      }
    }
  }

  private static double[] values(Method of, double[][] matrix, CyclicBarrier barrier) {
    try {
      barrier.await();
      Object parts = of.invoke(null, (Object) matrix);
      return (double[]) parts.getClass().getMethod("values").invoke(parts);
    } catch (ReflectiveOperationException | InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  private static URLClassLoader ownCopies() {
    URL[] places =
        Stream.of(SymmetricEigendecomposition.class, JavaLAPACK.class, Dlamch.class)
            .map(each -> each.getProtectionDomain().getCodeSource().getLocation())
            .toArray(URL[]::new);
    return new URLClassLoader(places, ClassLoader.getPlatformClassLoader());
  }

  @Test
  void refusesWhatIsNoNumber() {
    assertThatThrownBy(
            () -> SymmetricEigendecomposition.of(new double[][] {{1, 0}, {0, Double.NaN}}))
        .hasMessageContaining("row 1, column 1");
  }
}
