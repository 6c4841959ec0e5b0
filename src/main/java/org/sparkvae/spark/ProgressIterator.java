package org.sparkvae.spark;

import java.util.Iterator;
import org.apache.spark.sql.Row;

/**
 * Passes on a row for each image, and tells the driver of {@link ProgressMessage} as they go by.
 */
public final class ProgressIterator implements Iterator<Row> {
  private static final int REPORTED = 100;

  private final Iterator<Row> rows;
  private int passed;

  public ProgressIterator(Iterator<Row> rows) {
    this.rows = rows;
  }

  @Override
  public boolean hasNext() {
    boolean more = rows.hasNext();
    if (passed > 0 && (!more || passed == REPORTED)) {
      SparkVaePlugin.send(new ProgressMessage(passed));
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
