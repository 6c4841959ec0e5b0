package org.sparkvae.mnist;

/** The two halves of a set, with the names that they have in IDX files and in the table. */
public enum Split {
  TRAIN("train", "train"),
  TEST("test", "t10k");

  private final String label;
  private final String stem;

  Split(String label, String stem) {
    this.label = label;
    this.stem = stem;
  }

  /** Returns the value of the table's {@code split} column: {@code train} or {@code test}. */
  @Override
  public String toString() {
    return label;
  }

  String fileName(IdxKind kind) {
    return stem + kind.suffix();
  }
}
