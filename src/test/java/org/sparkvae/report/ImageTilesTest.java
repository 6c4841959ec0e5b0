package org.sparkvae.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageTilesTest {
  private static final ImageTiles TILES = new ImageTiles(10, 10, 2);

  @Test
  void includesSeparatorsInTheSize() {
    assertThat(TILES.width()).isEqualTo(10 * 56 + 11 * 2);
    assertThat(new ImageTiles(2, 5, 3).width()).isEqualTo(5 * 84 + 6 * 3);
    assertThat(new ImageTiles(2, 5, 3).height()).isEqualTo(2 * 84 + 3 * 3);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "9, 0, 9", "10, 1, 0", "37, 3, 7", "99, 9, 9"})
  void placesImagesRowByRow(int index, int row, int column) {
    BufferedImage image =
        paint(TILES, ImageFixtures.blankExcept(100, index, ImageFixtures.dot(0, 0, 1)));

    assertThat(ImageFixtures.rgb(image, 2 + column * 58, 2 + row * 58)).isEqualTo(0xFFFFFF);
  }

  @Test
  void doesNotSwapRowsAndColumnsOfAnImage() {
    BufferedImage image = paint(TILES, List.of(ImageFixtures.dot(3, 20, 1)));

    assertThat(countInk(image, 2, 2)).isEqualTo(4);
    assertThat(ImageFixtures.rgb(image, 2 + 20 * 2, 2 + 3 * 2)).isEqualTo(0xFFFFFF);
    assertThat(ImageFixtures.rgb(image, 2 + 20 * 2 + 1, 2 + 3 * 2 + 1)).isEqualTo(0xFFFFFF);
    assertThat(ImageFixtures.rgb(image, 2 + 3 * 2, 2 + 20 * 2)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.25, 64", "0.5, 128", "1, 255"})
  void paintsInkProportionally(float ink, int level) {
    BufferedImage image = paint(new ImageTiles(1, 1, 1), List.of(ImageFixtures.dot(5, 5, ink)));

    assertThat(ImageFixtures.rgb(image, 6, 6)).isEqualTo(level * 0x010101);
  }

  @Test
  void leavesUnusedCellsEmpty() {
    BufferedImage image = paint(new ImageTiles(1, 2, 1), List.of(ImageFixtures.blank()));

    assertThat(ImageFixtures.rgb(image, 1 + 14, 14)).isZero();
    assertThat(ImageFixtures.rgb(image, 30 + 14, 14)).isEqualTo(ImageFixtures.rgb(image, 0, 0));
  }

  private static BufferedImage paint(ImageTiles tiles, List<float[]> images) {
    BufferedImage image =
        new BufferedImage(tiles.width(), tiles.height(), BufferedImage.TYPE_INT_RGB);
    tiles.paint(image, 0, 0, images);
    return image;
  }

  private static int countInk(BufferedImage image, int left, int top) {
    int count = 0;
    for (int y = top; y < top + 56; y++) {
      for (int x = left; x < left + 56; x++) {
        count += ImageFixtures.rgb(image, x, y) == 0 ? 0 : 1;
      }
    }
    return count;
  }
}
