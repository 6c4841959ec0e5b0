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
  void matchesManualCalculation() {
    SymmetricEigendecomposition eigen =
        SymmetricEigendecomposition.of(new double[][] {{2, 1}, {1, 2}});
    assertThat(eigen.values()).containsExactly(new double[] {3, 1}, within(1e-12));
    double half = Math.sqrt(0.5);
    assertThat(Math.abs(eigen.vectors()[0][0])).isCloseTo(half, within(1e-12));
    assertThat(eigen.vectors()[0][0]).isCloseTo(eigen.vectors()[0][1], within(1e-12));
    assertThat(eigen.vectors()[1][0]).isCloseTo(-eigen.vectors()[1][1], within(1e-12));
  }

  /**
   * The matrices are rank-deficient with eigenvalues of very different size, as some covariances.
   */
  @Test
  void eigenvectorsAndEigenvaluesReconstructTheMatrix() {
    Random random = new Random(1);
    for (int size = 1; size <= 64; size++) {
      int rank = 1 + random.nextInt(size);
      double[][] matrix = new double[size][size];
      for (int k = 0; k < rank; k++) {
        double[] vector = random.doubles(size, -1, 1).toArray();
        double scale = Math.pow(10, -random.nextInt(18));
        for (int i = 0; i < size; i++) {
          for (int j = 0; j < size; j++) {
            matrix[i][j] += scale * vector[i] * vector[j];
          }
        }
      }
      assertReconstructs(SymmetricEigendecomposition.of(matrix), matrix);
    }
  }

  private static void assertReconstructs(SymmetricEigendecomposition eigen, double[][] matrix) {
    int size = matrix.length;
    assertThat(eigen.values()).isSortedAccordingTo((one, other) -> Double.compare(other, one));
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double sum = 0;
        for (int k = 0; k < size; k++) {
          sum += eigen.values()[k] * eigen.vectors()[k][i] * eigen.vectors()[k][j];
        }
        assertThat(sum).isCloseTo(matrix[i][j], within(1e-12 * eigen.values()[0]));
      }
    }
  }

  /** Loads the classes again in each round, so that each round makes the first call. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void supportsConcurrentFirstCalls() throws Exception {
    double[][] matrix = {{4, 1, 0.5}, {1, 3, 0.2}, {0.5, 0.2, 2}};
    double[] expected = SymmetricEigendecomposition.of(matrix).values();
    int rounds = Boolean.getBoolean("complete") ? 100 : 30;
    for (int round = 0; round < rounds; round++) {
      try (URLClassLoader classLoader = newClassLoader()) {
        Method of =
            classLoader
                .loadClass(SymmetricEigendecomposition.class.getName())
                .getMethod("of", double[][].class);
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        List<CompletableFuture<double[]>> results =
            Stream.generate(() -> CompletableFuture.supplyAsync(() -> values(of, matrix, barrier)))
                .limit(THREADS)
                .toList();
        for (CompletableFuture<double[]> result : results) {
          assertThat(result.get()).isEqualTo(expected);
        }
      }
    }
  }

  private static double[] values(Method of, double[][] matrix, CyclicBarrier barrier) {
    try {
      barrier.await();
      Object eigen = of.invoke(null, (Object) matrix);
      return (double[]) eigen.getClass().getMethod("values").invoke(eigen);
    } catch (ReflectiveOperationException | InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  private static URLClassLoader newClassLoader() {
    URL[] locations =
        Stream.of(SymmetricEigendecomposition.class, JavaLAPACK.class, Dlamch.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .toArray(URL[]::new);
    return new URLClassLoader(locations, ClassLoader.getPlatformClassLoader());
  }

  @Test
  void rejectsNaN() {
    assertThatThrownBy(
            () -> SymmetricEigendecomposition.of(new double[][] {{1, 0}, {0, Double.NaN}}))
        .hasMessageContaining("row 1, column 1");
  }
}
