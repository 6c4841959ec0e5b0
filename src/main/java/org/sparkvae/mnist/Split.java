package org.sparkvae.mnist;

/** The two splits of a data set, with their names in IDX files and in the image table. */
public enum Split {
  TRAIN("train", "train"),
  TEST("test", "t10k");

  private final String label;
  private final String stem;

  Split(String label, String stem) {
    this.label = label;
    this.stem = stem;
  }

  /** Returns the value of the {@code split} column: {@code train} or {@code test}. */
  @Override
  public String toString() {
    return label;
  }

  String fileName(IdxKind kind) {
    return stem + kind.suffix;
  }
}
