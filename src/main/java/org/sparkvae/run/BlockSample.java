package org.sparkvae.run;

/**
 * A sample of a split: all images, or blocks of 100 that are spread evenly over the split. The
 * first images alone would bias the metrics, because the first half of MNIST's test images is
 * easier than the second. A block is one minibatch of inference.
 *
 * @param images number of images in the split
 * @param maximum maximum number of images in the sample, at least 100
 */
record BlockSample(int images, int maximum) {
  private static final int BLOCK_SIZE = 100;

  /** Returns the number of images in the sample. */
  int count() {
    if (images <= maximum) {
      return images;
    }
    // The last block, which can be smaller, is always in the sample.
    return chosenBlocks() * BLOCK_SIZE - (blocks() * BLOCK_SIZE - images);
  }

  /** Returns the SQL condition for a row of the split to be in the sample. */
  String condition() {
    return "(image_id div %1$d + 1L) * %2$d div %3$d > (image_id div %1$d) * %2$d div %3$d"
        .formatted(BLOCK_SIZE, chosenBlocks(), blocks());
  }

  private int blocks() {
    return (images - 1) / BLOCK_SIZE + 1;
  }

  private int chosenBlocks() {
    return images <= maximum ? blocks() : maximum / BLOCK_SIZE;
  }
}
