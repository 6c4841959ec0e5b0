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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class LearningCurveTest {
  private static final LearningCurve LOSS = LearningCurve.loss();
  private static final int LAST = 0x56B4E9;
  private static final int MEAN = 0x0072B2;
  private static final int TEST = 0xD55E00;

  @Test
  void marksTheOnlyEpochOfARun() {
    List<EpochPoint> epochs = List.of(new EpochPoint(1, 0.27, 0.31, 0.25));
    CurveChart chart = new CurveChart("loss", epochs);

    BufferedImage figure = LOSS.paint(chart);

    assertThat(colourAt(figure, chart, 1, 0.27)).isEqualTo(LAST);
    assertThat(colourAt(figure, chart, 1, 0.31)).isEqualTo(MEAN);
    assertThat(colourAt(figure, chart, 1, 0.25)).isEqualTo(TEST);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 11, 50, 51, 60})
  void drawsEveryPointWhereItBelongs(int count) {
    List<EpochPoint> epochs =
        epochs(count, e -> new EpochPoint(e, 0.16 + 0.1 / e, 0.3 + 0.1 / e, NaN));
    CurveChart chart = new CurveChart("loss", epochs);

    BufferedImage figure = LOSS.paint(chart);

    assertThat(figure.getWidth()).isEqualTo(1520);
    assertThat(figure.getHeight()).isEqualTo(920);
    assertThat(epochs)
        .allSatisfy(
            e -> {
              assertThat(colourAt(figure, chart, e.epoch(), e.trainLast())).isEqualTo(LAST);
              assertThat(colourAt(figure, chart, e.epoch(), e.trainMean())).isEqualTo(MEAN);
            });
  }

  @ParameterizedTest
  @EnumSource(Palette.class)
  void drawsEveryPointInEveryLook(Palette palette) {
    List<EpochPoint> epochs =
        epochs(50, e -> new EpochPoint(e, 0.16 + 0.1 / e, 0.3, 0.2 + 0.1 / e));
    for (ChartOptions look : List.of(ChartOptions.wide(palette), ChartOptions.narrow(palette))) {
      CurveChart chart = new CurveChart("loss", Curve.ofRun(epochs), look);

      BufferedImage figure = LOSS.untitled().paint(chart);

      assertThat(figure.getWidth()).isEqualTo(2 * look.width());
      assertThat(figure.getHeight()).isEqualTo(2 * look.height());
      assertThat(ImageFixtures.rgb(figure, 0, 0)).isEqualTo(palette.paper().getRGB() & 0xFFFFFF);
      assertThat(epochs)
          .allSatisfy(
              e ->
                  assertThat(colourAt(figure, chart, e.epoch(), e.test()))
                      .isEqualTo(CurveColor.ORANGE.in(palette).getRGB() & 0xFFFFFF));
    }
  }

  @Test
  void drawsTwoRunsOfDifferentLength() {
    List<EpochPoint> a = epochs(3, e -> new EpochPoint(e, NaN, 0.3, 0.2));
    List<EpochPoint> b = epochs(9, e -> new EpochPoint(e, NaN, 0.5, 0.4));
    CurveChart chart = new CurveChart("loss", Curve.ofTwo(a, b), ChartOptions.wide(Palette.LIGHT));

    BufferedImage figure = LOSS.untitled().paint(chart);

    assertThat(colourAt(figure, chart, 3, 0.2)).isEqualTo(MEAN);
    assertThat(colourAt(figure, chart, 3, 0.3)).isEqualTo(MEAN);
    assertThat(colourAt(figure, chart, 9, 0.4)).isEqualTo(TEST);
    assertThat(colourAt(figure, chart, 9, 0.5)).isEqualTo(TEST);
    assertThat(colourAt(figure, chart, 9, 0.2)).isNotEqualTo(MEAN);
  }

  @Test
  void wrapsALegendThatIsTooLong() {
    List<Curve> curves = Curve.ofRun(epochs(3, e -> new EpochPoint(e, 0.1, 0.2, 0.3)));

    assertThat(new CurveLegend(curves, 6, ChartOptions.wide(Palette.LIGHT)).height()).isEqualTo(20);
    assertThat(new CurveLegend(curves, 6, ChartOptions.narrow(Palette.LIGHT)).height())
        .isGreaterThan(20);
  }

  @Test
  void putsLaterEpochsToTheRightAndGreaterLossesAbove() {
    CurveChart chart =
        new CurveChart("loss", epochs(50, e -> new EpochPoint(e, 1.0 / e, NaN, NaN)));

    LOSS.paint(chart);

    assertThat(chart.place(50, 0.5).getX()).isGreaterThan(chart.place(1, 0.5).getX() + 500);
    assertThat(chart.place(1, 1).getY()).isLessThan(chart.place(1, 0.02).getY() - 200);
  }

  @Test
  void skipsWhatWasNotMeasured() {
    List<EpochPoint> epochs = epochs(10, e -> new EpochPoint(e, 0.2, NaN, e % 5 == 0 ? 0.1 : NaN));
    CurveChart chart = new CurveChart("loss", epochs);

    BufferedImage figure = LOSS.paint(chart);

    assertThat(colourAt(figure, chart, 5, 0.1)).isEqualTo(TEST);
    assertThat(colourAt(figure, chart, 10, 0.1)).isEqualTo(TEST);
    assertThat(colourAt(figure, chart, 1, 0.1)).isNotEqualTo(TEST);
    assertThat(uses(figure, MEAN)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-12, 5e-4, 0.2, 1e9, -3})
  void drawsValuesThatDoNotChange(double value) {
    assertThat(uses(LOSS.draw(epochs(5, e -> new EpochPoint(e, value, value, NaN))), MEAN))
        .isTrue();
  }

  @Test
  void drawsValuesEvenlySpacedAndCloseTogether() {
    List<EpochPoint> epochs =
        epochs(400, e -> new EpochPoint(e, 5e-4 + e * 1e-6, NaN, 5e-4 + e * 2e-6));

    assertThat(uses(LOSS.draw(epochs), TEST)).isTrue();
  }

  @Test
  void givesTheSameBytesForTheSameInput() throws IOException {
    List<EpochPoint> epochs = epochs(50, e -> new EpochPoint(e, 1.0 / e, 1.1 / e, 1.2 / e));

    assertThat(ImageFixtures.png(LOSS.draw(epochs)))
        .isEqualTo(ImageFixtures.png(LOSS.draw(epochs)));
  }

  @Test
  void refusesWhatItCannotDraw() {
    EpochPoint first = new EpochPoint(1, 0.2, 0.2, 0.2);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> LOSS.draw(List.of()))
        .withMessage("no epoch has a value to draw");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LOSS.draw(List.of(new EpochPoint(1, NaN, NaN, NaN))))
        .withMessage("no epoch has a value to draw");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LOSS.draw(List.of(first, first)))
        .withMessage("epoch 1 after epoch 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EpochPoint(3, Double.POSITIVE_INFINITY, 0, 0))
        .withMessage("epoch 3 has an infinite value");
  }

  private static List<EpochPoint> epochs(int count, IntFunction<EpochPoint> point) {
    return IntStream.rangeClosed(1, count).mapToObj(point).toList();
  }

  private static int colourAt(BufferedImage figure, CurveChart chart, int epoch, double value) {
    Point2D place = chart.place(epoch, value);
    return ImageFixtures.rgb(
        figure,
        (int) (place.getX() * LearningCurve.DENSITY),
        (int) (place.getY() * LearningCurve.DENSITY));
  }

  private static boolean uses(BufferedImage figure, int colour) {
    return IntStream.range(0, figure.getWidth() * figure.getHeight())
        .anyMatch(
            i -> ImageFixtures.rgb(figure, i % figure.getWidth(), i / figure.getWidth()) == colour);
  }
}
