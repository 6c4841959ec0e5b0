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
  private static final int TILES = 582;
  private static final int MARGIN = 12;

  @Test
  void hasOnlyGridAndMarginsWithoutText() {
    BufferedImage figure = GRID.render("", "", hundredBlanks());

    assertThat(figure.getWidth()).isEqualTo(TILES + 2 * MARGIN);
    assertThat(figure.getHeight()).isEqualTo(TILES + 2 * MARGIN);
  }

  @Test
  void placesImage37InRow3Column7() {
    List<float[]> images = ImageFixtures.blankExcept(100, 37, ImageFixtures.dot(3, 20, 1));

    BufferedImage figure = GRID.render("", "", images);

    int x = MARGIN + 2 + 7 * 58 + 20 * 2;
    int y = MARGIN + 2 + 3 * 58 + 3 * 2;
    assertThat(ImageFixtures.rgb(figure, x, y)).isEqualTo(0xFFFFFF);
    assertThat(ImageFixtures.rgb(figure, x - 1, y)).isZero();
    assertThat(ImageFixtures.rgb(figure, x, y - 1)).isZero();
  }

  @Test
  void placesTitleAboveAndCaptionBelow() {
    BufferedImage plain = GRID.render("", "", hundredBlanks());
    BufferedImage titled = GRID.render("Figure 1", "", hundredBlanks());
    BufferedImage both = GRID.render("Figure 1", "epoch 50", hundredBlanks());

    assertThat(titled.getHeight()).isGreaterThan(plain.getHeight());
    assertThat(both.getHeight()).isGreaterThan(titled.getHeight());
    assertThat(ImageFixtures.darkPixels(titled, 0, titled.getHeight() - TILES - MARGIN - 1))
        .isPositive();
    assertThat(ImageFixtures.darkPixels(both, titled.getHeight(), both.getHeight())).isPositive();
  }

  @Test
  void wrapsALongTitle() {
    String title = "Generated images which are randomly selected from outputs of the model ";

    BufferedImage once = GRID.render("Figure 4", "", hundredBlanks());
    BufferedImage thrice = GRID.render(title.repeat(3), "", hundredBlanks());

    assertThat(thrice.getWidth()).isEqualTo(once.getWidth());
    assertThat(thrice.getHeight()).isGreaterThan(once.getHeight());
  }

  @Test
  void placesAnImageAtTheSamePositionInBothGrids() {
    List<float[]> left = ImageFixtures.blankExcept(100, 37, ImageFixtures.dot(3, 20, 1));
    List<float[]> right = ImageFixtures.blankExcept(100, 37, ImageFixtures.dot(3, 20, 0.5f));

    BufferedImage figure = GRID.renderSideBySide("", new Panel("", left), new Panel("", right));

    int x = MARGIN + 2 + 7 * 58 + 20 * 2;
    int y = MARGIN + 2 + 3 * 58 + 3 * 2;
    assertThat(figure.getWidth()).isEqualTo(2 * TILES + 4 * MARGIN);
    assertThat(ImageFixtures.rgb(figure, x, y)).isEqualTo(0xFFFFFF);
    assertThat(ImageFixtures.rgb(figure, x + TILES + 2 * MARGIN, y)).isEqualTo(0x808080);
  }

  @Test
  void rendersBareImagesWithoutMargins() {
    BufferedImage figure =
        GRID.renderBare(ImageFixtures.blankExcept(100, 37, ImageFixtures.dot(3, 20, 1)));

    assertThat(figure.getWidth()).isEqualTo(TILES);
    assertThat(figure.getHeight()).isEqualTo(TILES);
    assertThat(ImageFixtures.rgb(figure, 2 + 7 * 58 + 20 * 2, 2 + 3 * 58 + 3 * 2))
        .isEqualTo(0xFFFFFF);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GRID.renderBare(Collections.nCopies(101, ImageFixtures.blank())))
        .withMessage("101 images do not fit into a grid of 100.");
  }

  @Test
  void rendersAHeadingAboveEachGrid() {
    Panel left = new Panel("originals", hundredBlanks());
    Panel right = new Panel("reconstructions", hundredBlanks());

    BufferedImage figure = GRID.renderSideBySide("", left, right);

    int headings = figure.getHeight() - TILES - MARGIN - 1;
    int half = figure.getWidth() / 2;
    assertThat(ImageFixtures.darkPixels(figure.getSubimage(0, 0, half, headings), 0, headings))
        .isPositive();
    assertThat(ImageFixtures.darkPixels(figure.getSubimage(half, 0, half, headings), 0, headings))
        .isPositive();
  }

  @Test
  void centersAGridNarrowerThanTheMinimumWidth() {
    BufferedImage figure =
        new ImageGrid(1, 1, 1).render("", "", List.of(ImageFixtures.dot(0, 0, 1)));

    assertThat(figure.getWidth()).isEqualTo(320 + 12);
    assertThat(ImageFixtures.rgb(figure, 6 + (320 - 30) / 2 + 1, 6 + 1)).isEqualTo(0xFFFFFF);
  }

  @Test
  void rendersTheSameBytesForTheSameInput() throws IOException {
    List<float[]> images = ImageFixtures.blankExcept(100, 5, ImageFixtures.dot(1, 2, 0.3f));

    assertThat(ImageFixtures.png(GRID.render("Figure 1", "caption", images)))
        .isEqualTo(ImageFixtures.png(GRID.render("Figure 1", "caption", images)));
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.001f, 1.001f, Float.NaN, Float.POSITIVE_INFINITY})
  void rejectsValuesOutsideZeroToOne(float value) {
    List<float[]> images = ImageFixtures.blankExcept(3, 2, ImageFixtures.dot(3, 20, value));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> GRID.render("", "", images))
        .withMessage("image 2 has value %s at row 3, column 20, expected a value in [0,1].", value);
  }

  @Test
  void rejectsAnImageOfAnotherSize() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GRID.render("", "", List.of(new float[783])))
        .withMessage("image 0 has 783 values, expected 784.");
  }

  @Test
  void rejectsInvalidNumbersOfImages() {
    List<float[]> tooMany = Collections.nCopies(101, ImageFixtures.blank());
    Panel one = new Panel("one", List.of(ImageFixtures.blank()));
    Panel two = new Panel("two", Collections.nCopies(2, ImageFixtures.blank()));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> GRID.render("", "", List.of()))
        .withMessage("The grid has no image. It needs at least one.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GRID.render("", "", tooMany))
        .withMessage("101 images do not fit into a grid of 100.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GRID.renderSideBySide("", one, two))
        .withMessage("1 images on the left, 2 on the right. The numbers must be equal.");
    assertThatIllegalArgumentException().isThrownBy(() -> new ImageGrid(1, 0, 1));
  }

  private static List<float[]> hundredBlanks() {
    return Collections.nCopies(100, ImageFixtures.blank());
  }
}
