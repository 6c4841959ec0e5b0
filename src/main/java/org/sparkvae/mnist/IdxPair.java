package org.sparkvae.mnist;

import org.sparkvae.exception.InputDataException;

/**
 * The images and labels of one split, in equal number.
 *
 * @param images images, a byte per pixel
 * @param labels labels from 0 to 9, one for each image
 */
public record IdxPair(IdxFile images, IdxFile labels) {
  /**
   * Checks that images and labels are equal in number.
   *
   * @throws InputDataException if the two numbers differ
   */
  public IdxPair {
    if (images.count() != labels.count()) {
      throw new InputDataException(
          "%s: has %d labels, but %s has %d images. Use files of the same data set."
              .formatted(labels.path(), labels.count(), images.path(), images.count()));
    }
  }

  /** Returns the number of images, which equals the number of labels. */
  public int count() {
    return images.count();
  }
}
