package org.sparkvae.mnist;

import org.sparkvae.image.ImageShape;

/** The two kinds of IDX file and the header that each requires. */
enum IdxKind {
  IMAGES("images", 0x00000803, "-images-idx3-ubyte", 16, ImageShape.PIXELS),
  LABELS("labels", 0x00000801, "-labels-idx1-ubyte", 8, 1);

  private final String label;
  final int magic;
  final String suffix;
  final int headerBytes;
  final int recordBytes;

  IdxKind(String label, int magic, String suffix, int headerBytes, int recordBytes) {
    this.label = label;
    this.magic = magic;
    this.suffix = suffix;
    this.headerBytes = headerBytes;
    this.recordBytes = recordBytes;
  }

  long fileBytes(int count) {
    return headerBytes + (long) count * recordBytes;
  }

  @Override
  public String toString() {
    return label;
  }
}
