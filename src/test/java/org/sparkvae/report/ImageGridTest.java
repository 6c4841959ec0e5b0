package org.sparkvae.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageGridTest {
  private static final ImageGrid GRID = ImageGrid.tenByTen();
  private static final FigureText NOTHING = new FigureText("", "");
  private static final int TILES = 582;
  private static final int MARGIN = 12;

  @Test
  void hasTheGridsSizeAndItsMarginsWhereThereAreNoWords() {
    BufferedImage figure = GRID.draw(NOTHING, hundred());

    assertThat(figure.getWidth()).isEqualTo(TILES + 2 * MARGIN);
    assertThat(figure.getHeight()).isEqualTo(TILES + 2 * MARGIN);
  }

  @Test
  void putsTheThirtyEighthImageIntoTheFourthRowAndEighthColumn() {
    List<float[]> images = ImageFixtures.blankBut(100, 37, ImageFixtures.dot(3, 20, 1));

    BufferedImage figure = GRID.draw(NOTHING, images);

    int x = MARGIN + 2 + 7 * 58 + 20 * 2;
    int y = MARGIN + 2 + 3 * 58 + 3 * 2;
    assertThat(ImageFixtures.rgb(figure, x, y)).isEqualTo(0xFFFFFF);
    assertThat(ImageFixtures.rgb(figure, x - 1, y)).isZero();
    assertThat(ImageFixtures.rgb(figure, x, y - 1)).isZero();
  }

  @Test
  void makesRoomForTheTitleAboveAndTheCaptionBelow() {
    BufferedImage plain = GRID.draw(NOTHING, hundred());
    BufferedImage titled = GRID.draw(FigureText.titled("Figure 1"), hundred());
    BufferedImage both = GRID.draw(new FigureText("Figure 1", "epoch 50"), hundred());

    assertThat(titled.getHeight()).isGreaterThan(plain.getHeight());
    assertThat(both.getHeight()).isGreaterThan(titled.getHeight());
    assertThat(ImageFixtures.darkRows(titled, 0, titled.getHeight() - TILES - MARGIN - 1))
        .isPositive();
    assertThat(ImageFixtures.darkRows(both, titled.getHeight(), both.getHeight())).isPositive();
  }

  @Test
  void breaksALongTitleRatherThanCuttingIt() {
    String title = "Generated images which are randomly selected from outputs of the model ";

    BufferedImage once = GRID.draw(FigureText.titled("Figure 4"), hundred());
    BufferedImage thrice = GRID.draw(FigureText.titled(title.repeat(3)), hundred());

    assertThat(thrice.getWidth()).isEqualTo(once.getWidth());
    assertThat(thrice.getHeight()).isGreaterThan(once.getHeight());
  }

  @Test
  void putsTheSameImageAtTheSamePlaceOfBothGrids() {
    List<float[]> left = ImageFixtures.blankBut(100, 37, ImageFixtures.dot(3, 20, 1));
    List<float[]> right = ImageFixtures.blankBut(100, 37, ImageFixtures.dot(3, 20, 0.5f));

    BufferedImage figure = GRID.drawBeside(NOTHING, new Panel("", left), new Panel("", right));

    int x = MARGIN + 2 + 7 * 58 + 20 * 2;
    int y = MARGIN + 2 + 3 * 58 + 3 * 2;
    assertThat(figure.getWidth()).isEqualTo(2 * TILES + 4 * MARGIN);
    assertThat(ImageFixtures.rgb(figure, x, y)).isEqualTo(0xFFFFFF);
    assertThat(ImageFixtures.rgb(figure, x + TILES + 2 * MARGIN, y)).isEqualTo(0x808080);
  }

  @Test
  void hasNothingAroundBareImages() {
    BufferedImage figure =
        GRID.drawBare(ImageFixtures.blankBut(100, 37, ImageFixtures.dot(3, 20, 1)));

    assertThat(figure.getWidth()).isEqualTo(TILES);
    assertThat(figure.getHeight()).isEqualTo(TILES);
    assertThat(ImageFixtures.rgb(figure, 2 + 7 * 58 + 20 * 2, 2 + 3 * 58 + 3 * 2))
        .isEqualTo(0xFFFFFF);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GRID.drawBare(Collections.nCopies(101, ImageFixtures.blank())))
        .withMessage("101 images for a grid of 100");
  }

  @Test
  void givesEachGridItsHeading() {
    Panel left = new Panel("originals", hundred());
    Panel right = new Panel("reconstructions", hundred());

    BufferedImage figure = GRID.drawBeside(NOTHING, left, right);

    int headings = figure.getHeight() - TILES - MARGIN - 1;
    int half = figure.getWidth() / 2;
    assertThat(ImageFixtures.darkRows(figure.getSubimage(0, 0, half, headings), 0, headings))
        .isPositive();
    assertThat(ImageFixtures.darkRows(figure.getSubimage(half, 0, half, headings), 0, headings))
        .isPositive();
  }

  @Test
  void centresAGridThatIsNarrowerThanItsTitleNeeds() {
    BufferedImage figure =
        new ImageGrid(1, 1, 1).draw(NOTHING, List.of(ImageFixtures.dot(0, 0, 1)));

    assertThat(figure.getWidth()).isEqualTo(320 + 12);
    assertThat(ImageFixtures.rgb(figure, 6 + (320 - 30) / 2 + 1, 6 + 1)).isEqualTo(0xFFFFFF);
  }

  @Test
  void givesTheSameBytesForTheSameInput() throws IOException {
    List<float[]> images = ImageFixtures.blankBut(100, 5, ImageFixtures.dot(1, 2, 0.3f));
    FigureText text = new FigureText("Figure 1", "caption");

    assertThat(ImageFixtures.png(GRID.draw(text, images)))
        .isEqualTo(ImageFixtures.png(GRID.draw(text, images)));
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.001f, 1.001f, Float.NaN, Float.POSITIVE_INFINITY})
  void refusesValuesOutsideZeroToOne(float value) {
    List<float[]> images = ImageFixtures.blankBut(3, 2, ImageFixtures.dot(3, 20, value));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> GRID.draw(NOTHING, images))
        .withMessage("image 2 has %s at row 3, column 20, outside [0,1]", value);
  }

  @Test
  void refusesAnImageOfAnotherSize() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GRID.draw(NOTHING, List.of(new float[783])))
        .withMessage("image 0 has 783 values, not 784");
  }

  @Test
  void refusesNoImagesTooManyAndUnevenSides() {
    List<float[]> tooMany = Collections.nCopies(101, ImageFixtures.blank());
    Panel one = new Panel("one", List.of(ImageFixtures.blank()));
    Panel two = new Panel("two", Collections.nCopies(2, ImageFixtures.blank()));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> GRID.draw(NOTHING, List.of()))
        .withMessage("a grid needs at least one image");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GRID.draw(NOTHING, tooMany))
        .withMessage("101 images for a grid of 100");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GRID.drawBeside(NOTHING, one, two))
        .withMessage("1 images on the left, 2 on the right");
    assertThatIllegalArgumentException().isThrownBy(() -> new ImageGrid(1, 0, 1));
  }

  private static List<float[]> hundred() {
    return Collections.nCopies(100, ImageFixtures.blank());
  }
}
