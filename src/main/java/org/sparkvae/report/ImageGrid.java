package org.sparkvae.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A grid of grayscale images: white ink on black, thin separators, image {@code k} at row {@code k
 * / columns}, column {@code k % columns}. If there are fewer images than cells, the last cells stay
 * empty.
 *
 * @param rows the number of rows
 * @param columns the number of images in a row
 * @param scale the screen pixels per image pixel in each direction
 */
public record ImageGrid(int rows, int columns, int scale) {
  private static final int MIN_WIDTH = 320;
  private static final Color INK = new Color(0x202020);
  private static final Color FAINT = new Color(0x606060);

  /** Rejects sizes below 1. */
  public ImageGrid {
    if (rows < 1 || columns < 1 || scale < 1) {
      throw new IllegalArgumentException(
          "rows, columns and scale are %d, %d and %d. Each must be at least 1."
              .formatted(rows, columns, scale));
    }
  }

  /** Returns the grid of the reference report's figures: 10 by 10, 2×2 screen pixels per pixel. */
  public static ImageGrid tenByTen() {
    return new ImageGrid(10, 10, 2);
  }

  /**
   * Renders one grid.
   *
   * @param title the text above the grid, or empty; long text is wrapped
   * @param caption the text below the grid, or empty
   * @param images 1 to rows·columns images, each a value in [0,1] per pixel, row by row, 1 = ink
   * @return an RGB image
   * @throws IllegalArgumentException if the number of images or an image is invalid
   */
  public BufferedImage render(String title, String caption, List<float[]> images) {
    return compose(title, caption, List.of(new Panel("", images)));
  }

  /**
   * Renders two grids side by side, such as originals and their reconstructions. Image {@code k} of
   * both panels has the same position in its grid.
   *
   * @param title the text above the grids; long text is wrapped
   * @param left 1 to rows·columns images and their heading
   * @param right the same number of images and their heading
   * @return an RGB image
   * @throws IllegalArgumentException if there are too many images, or the numbers differ
   */
  public BufferedImage renderSideBySide(String title, Panel left, Panel right) {
    if (left.images().size() != right.images().size()) {
      throw new IllegalArgumentException(
          "%d images on the left, %d on the right. The numbers must be equal."
              .formatted(left.images().size(), right.images().size()));
    }
    return compose(title, "", List.of(left, right));
  }

  /**
   * Renders the images without text and margins, for a page that has its own.
   *
   * @param images 1 to rows·columns images, each a value in [0,1] per pixel, row by row, 1 = ink
   * @return an RGB image
   * @throws IllegalArgumentException if the number of images or an image is invalid
   */
  public BufferedImage renderBare(List<float[]> images) {
    ImageTiles tiles = tilesFor(List.of(new Panel("", images)));
    BufferedImage figure =
        new BufferedImage(tiles.width(), tiles.height(), BufferedImage.TYPE_INT_RGB);
    tiles.paint(figure, 0, 0, images);
    return figure;
  }

  private ImageTiles tilesFor(List<Panel> panels) {
    ImageTiles tiles = new ImageTiles(rows, columns, scale);
    for (Panel panel : panels) {
      if (panel.images().size() > tiles.capacity()) {
        throw new IllegalArgumentException(
            "%d images do not fit into a grid of %d."
                .formatted(panel.images().size(), tiles.capacity()));
      }
    }
    return tiles;
  }

  private BufferedImage compose(String titleText, String captionText, List<Panel> panels) {
    ImageTiles tiles = tilesFor(panels);
    Fonts.check();
    int margin = margin();
    int gutter = 2 * margin;
    int grids = panels.size() * (tiles.width() + gutter) - gutter;
    int content = Math.max(grids, MIN_WIDTH);
    TextBlock title = TextBlock.wrapped(titleText, Fonts.bold(fontSize()), content);
    TextBlock caption = TextBlock.wrapped(captionText, Fonts.plain(fontSize() - 2), content);
    List<TextBlock> headings =
        panels.stream()
            .map(
                panel -> TextBlock.wrapped(panel.heading(), Fonts.plain(fontSize()), tiles.width()))
            .toList();
    int headingTop = margin + withGap(title);
    int gridTop = headingTop + headings.stream().mapToInt(this::withGap).max().orElse(0);
    int captionTop = gridTop + tiles.height() + (caption.height() == 0 ? 0 : gap());
    BufferedImage figure =
        new BufferedImage(
            content + 2 * margin,
            captionTop + caption.height() + margin,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D g = figure.createGraphics();
    Fonts.setHints(g);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, figure.getWidth(), figure.getHeight());
    title.draw(g, INK, margin, margin, content);
    int x = margin + (content - grids) / 2;
    for (int i = 0; i < panels.size(); i++) {
      headings.get(i).draw(g, INK, x, headingTop, tiles.width());
      tiles.paint(figure, x, gridTop, panels.get(i).images());
      x += tiles.width() + gutter;
    }
    caption.draw(g, FAINT, margin, captionTop, content);
    g.dispose();
    return figure;
  }

  private int withGap(TextBlock block) {
    return block.height() == 0 ? 0 : block.height() + gap();
  }

  private int fontSize() {
    return 8 + 4 * scale;
  }

  private int gap() {
    return 4 * scale;
  }

  /** Returns the width of the white margin in screen pixels. */
  int margin() {
    return 6 * scale;
  }
}
