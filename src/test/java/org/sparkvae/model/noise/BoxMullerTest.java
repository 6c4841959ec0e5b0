package org.sparkvae.model.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoxMullerTest {
  private final BoxMuller boxMuller = new BoxMuller();
  private final Random random = new Random(1);
  private final double[] u = new double[BoxMuller.PAIRS];

  @Test
  void logarithmMatchesMath() {
    double[] logarithm = new double[u.length];
    for (int n = 0; n < 500; n++) {
      Arrays.setAll(u, i -> Math.pow(random.nextDouble(), 1 + random.nextInt(20)));
      double[] edges = {0x1p-53, 0.5, Math.sqrt(0.5), Math.nextDown(1.0), 1};
      System.arraycopy(edges, 0, u, 0, edges.length);

      boxMuller.log(u, logarithm, u.length);

      for (int i = 0; i < u.length; i++) {
        assertThat(logarithm[i]).isCloseTo(Math.log(u[i]), within(1e-10));
      }
    }
  }

  @Test
  void sineAndCosineMatchMath() {
    double[] cosine = new double[u.length];
    double[] sine = new double[u.length];
    for (int n = 0; n < 500; n++) {
      Arrays.setAll(u, i -> i < 16 ? i / 16.0 : random.nextDouble());

      boxMuller.cosineAndSine(u, cosine, sine, u.length);

      for (int i = 0; i < u.length; i++) {
        assertThat(cosine[i]).isCloseTo(Math.cos(2 * Math.PI * u[i]), within(1e-10));
        assertThat(sine[i]).isCloseTo(Math.sin(2 * Math.PI * u[i]), within(1e-10));
      }
    }
  }
}
