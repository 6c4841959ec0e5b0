package org.sparkvae.mnist;

import org.sparkvae.exception.InputDataException;

/**
 * The images and the labels of one split, equal in number.
 *
 * @param images of 28 x 28 pixels, one byte each
 * @param labels from 0 to 9, one for each image
 */
public record IdxPair(IdxFile images, IdxFile labels) {
  /** Throws an {@link InputDataException} when images and labels disagree in number. */
  public IdxPair {
    if (images.count() != labels.count()) {
      throw new InputDataException(
          "%s: byte %d: expected %d labels, one for each image in %s, found %d"
              .formatted(
                  labels.path(), Integer.BYTES, images.count(), images.path(), labels.count()));
    }
  }

  /** Returns the number of images, which is the number of labels. */
  public int count() {
    return images.count();
  }
}
