package org.sparkvae.report;

import static java.lang.Double.NaN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.geom.Point2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class LearningCurveTest {
  private static final LearningCurve LOSS = LearningCurve.loss();
  private static final int LAST_COLOR = 0x56B4E9;
  private static final int MEAN_COLOR = 0x0072B2;
  private static final int TEST_COLOR = 0xD55E00;

  @Test
  void plotsASingleEpochAsMarkers() {
    List<EpochPoint> epochs = List.of(new EpochPoint(1, 0.27, 0.31, 0.25));
    CurveChart chart = new CurveChart("loss", Curve.ofRun(epochs), ChartOptions.FIGURE_FILE);

    BufferedImage figure = LOSS.paint(chart);

    assertThat(colorAt(figure, chart, 1, 0.27)).isEqualTo(LAST_COLOR);
    assertThat(colorAt(figure, chart, 1, 0.31)).isEqualTo(MEAN_COLOR);
    assertThat(colorAt(figure, chart, 1, 0.25)).isEqualTo(TEST_COLOR);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 11, 50, 51, 60})
  void plotsEveryPointAtItsPosition(int count) {
    List<EpochPoint> epochs =
        epochs(count, e -> new EpochPoint(e, 0.16 + 0.1 / e, 0.3 + 0.1 / e, NaN));
    CurveChart chart = new CurveChart("loss", Curve.ofRun(epochs), ChartOptions.FIGURE_FILE);

    BufferedImage figure = LOSS.paint(chart);

    assertThat(figure.getWidth()).isEqualTo(1520);
    assertThat(figure.getHeight()).isEqualTo(920);
    assertThat(epochs)
        .allSatisfy(
            e -> {
              assertThat(colorAt(figure, chart, e.epoch(), e.trainLast())).isEqualTo(LAST_COLOR);
              assertThat(colorAt(figure, chart, e.epoch(), e.trainMean())).isEqualTo(MEAN_COLOR);
            });
  }

  static List<Palette> palettes() {
    return List.of(Palette.LIGHT, Palette.DARK);
  }

  @ParameterizedTest
  @MethodSource("palettes")
  void plotsEveryPointInEverySizeAndPalette(Palette palette) {
    List<EpochPoint> epochs =
        epochs(50, e -> new EpochPoint(e, 0.16 + 0.1 / e, 0.3, 0.2 + 0.1 / e));
    for (ChartOptions options : List.of(ChartOptions.wide(palette), ChartOptions.narrow(palette))) {
      CurveChart chart = new CurveChart("loss", Curve.ofRun(epochs), options);

      BufferedImage figure = LOSS.untitled().paint(chart);

      assertThat(figure.getWidth()).isEqualTo(2 * options.width());
      assertThat(figure.getHeight()).isEqualTo(2 * options.height());
      assertThat(ImageFixtures.rgb(figure, 0, 0)).isEqualTo(palette.paper().getRGB() & 0xFFFFFF);
      assertThat(epochs)
          .allSatisfy(
              e ->
                  assertThat(colorAt(figure, chart, e.epoch(), e.test()))
                      .isEqualTo(CurveColor.ORANGE.in(palette).getRGB() & 0xFFFFFF));
    }
  }

  @Test
  void plotsTwoRunsOfDifferentLengths() {
    List<EpochPoint> a = epochs(3, e -> new EpochPoint(e, NaN, 0.3, 0.2));
    List<EpochPoint> b = epochs(9, e -> new EpochPoint(e, NaN, 0.5, 0.4));
    CurveChart chart =
        new CurveChart("loss", Curve.ofComparison(a, b), ChartOptions.wide(Palette.LIGHT));

    BufferedImage figure = LOSS.untitled().paint(chart);

    assertThat(colorAt(figure, chart, 3, 0.2)).isEqualTo(MEAN_COLOR);
    assertThat(colorAt(figure, chart, 3, 0.3)).isEqualTo(MEAN_COLOR);
    assertThat(colorAt(figure, chart, 9, 0.4)).isEqualTo(TEST_COLOR);
    assertThat(colorAt(figure, chart, 9, 0.5)).isEqualTo(TEST_COLOR);
    assertThat(colorAt(figure, chart, 9, 0.2)).isNotEqualTo(MEAN_COLOR);
  }

  @Test
  void wrapsALongLegend() {
    List<Curve> curves = Curve.ofRun(epochs(3, e -> new EpochPoint(e, 0.1, 0.2, 0.3)));

    assertThat(new CurveLegend(curves, 6, ChartOptions.wide(Palette.LIGHT)).height()).isEqualTo(20);
    assertThat(new CurveLegend(curves, 6, ChartOptions.narrow(Palette.LIGHT)).height())
        .isGreaterThan(20);
  }

  @Test
  void plotsLaterEpochsToTheRightAndGreaterLossesAbove() {
    CurveChart chart =
        new CurveChart(
            "loss",
            Curve.ofRun(epochs(50, e -> new EpochPoint(e, 1.0 / e, NaN, NaN))),
            ChartOptions.FIGURE_FILE);

    LOSS.paint(chart);

    assertThat(chart.position(50, 0.5).getX()).isGreaterThan(chart.position(1, 0.5).getX() + 500);
    assertThat(chart.position(1, 1).getY()).isLessThan(chart.position(1, 0.02).getY() - 200);
  }

  @Test
  void skipsValuesThatWereNotMeasured() {
    List<EpochPoint> epochs = epochs(10, e -> new EpochPoint(e, 0.2, NaN, e % 5 == 0 ? 0.1 : NaN));
    CurveChart chart = new CurveChart("loss", Curve.ofRun(epochs), ChartOptions.FIGURE_FILE);

    BufferedImage figure = LOSS.paint(chart);

    assertThat(colorAt(figure, chart, 5, 0.1)).isEqualTo(TEST_COLOR);
    assertThat(colorAt(figure, chart, 10, 0.1)).isEqualTo(TEST_COLOR);
    assertThat(colorAt(figure, chart, 1, 0.1)).isNotEqualTo(TEST_COLOR);
    assertThat(usesColor(figure, MEAN_COLOR)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-12, 5e-4, 0.2, 1e9, -3})
  void plotsConstantValues(double value) {
    assertThat(
            usesColor(LOSS.plot(epochs(5, e -> new EpochPoint(e, value, value, NaN))), MEAN_COLOR))
        .isTrue();
  }

  @Test
  void plotsValuesEvenlySpacedAndCloseTogether() {
    List<EpochPoint> epochs =
        epochs(400, e -> new EpochPoint(e, 5e-4 + e * 1e-6, NaN, 5e-4 + e * 2e-6));

    assertThat(usesColor(LOSS.plot(epochs), TEST_COLOR)).isTrue();
  }

  @Test
  void rendersTheSameBytesForTheSameInput() throws IOException {
    List<EpochPoint> epochs = epochs(50, e -> new EpochPoint(e, 1.0 / e, 1.1 / e, 1.2 / e));

    assertThat(ImageFixtures.png(LOSS.plot(epochs)))
        .isEqualTo(ImageFixtures.png(LOSS.plot(epochs)));
  }

  @Test
  void rejectsInvalidEpochs() {
    EpochPoint first = new EpochPoint(1, 0.2, 0.2, 0.2);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> LOSS.plot(List.of()))
        .withMessage("No epoch has a value to plot.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LOSS.plot(List.of(new EpochPoint(1, NaN, NaN, NaN))))
        .withMessage("No epoch has a value to plot.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LOSS.plot(List.of(first, first)))
        .withMessage("epoch 1 follows epoch 1. Epochs must be strictly ascending.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EpochPoint(3, Double.POSITIVE_INFINITY, 0, 0))
        .withMessage("epoch 3 has an infinite value. Only finite values and NaN can be plotted.");
  }

  private static List<EpochPoint> epochs(int count, IntFunction<EpochPoint> point) {
    return IntStream.rangeClosed(1, count).mapToObj(point).toList();
  }

  private static int colorAt(BufferedImage figure, CurveChart chart, int epoch, double value) {
    Point2D position = chart.position(epoch, value);
    return ImageFixtures.rgb(
        figure,
        (int) (position.getX() * LearningCurve.DENSITY),
        (int) (position.getY() * LearningCurve.DENSITY));
  }

  private static boolean usesColor(BufferedImage figure, int color) {
    return IntStream.range(0, figure.getWidth() * figure.getHeight())
        .anyMatch(
            i -> ImageFixtures.rgb(figure, i % figure.getWidth(), i / figure.getWidth()) == color);
  }
}
