package org.sparkvae.spark;

import java.util.Iterator;
import org.apache.spark.sql.Row;

/** Passes on a row for each image, and tells the driver of {@link ImagesDone} as they go by. */
public final class CountedRows implements Iterator<Row> {
  private static final int REPORTED = 100;

  private final Iterator<Row> rows;
  private int passed;

  public CountedRows(Iterator<Row> rows) {
    this.rows = rows;
  }

  @Override
  public boolean hasNext() {
    boolean more = rows.hasNext();
    if (passed > 0 && (!more || passed == REPORTED)) {
      DriverMessages.send(new ImagesDone(passed));
      passed = 0;
    }
    return more;
  }

  @Override
  public Row next() {
    Row row = rows.next();
    passed++;
    return row;
  }
}
