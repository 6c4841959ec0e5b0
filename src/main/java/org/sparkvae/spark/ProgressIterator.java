package org.sparkvae.spark;

import java.util.Iterator;
import org.apache.spark.sql.Row;

/**
 * An iterator over one row per image that reports the number of consumed rows to the driver with
 * {@link ProgressMessage}.
 */
public final class ProgressIterator implements Iterator<Row> {
  private static final int REPORT_INTERVAL = 100;

  private final Iterator<Row> rows;
  private int unreported;

  public ProgressIterator(Iterator<Row> rows) {
    this.rows = rows;
  }

  @Override
  public boolean hasNext() {
    boolean hasMore = rows.hasNext();
    if (unreported > 0 && (!hasMore || unreported == REPORT_INTERVAL)) {
      SparkVaePlugin.send(new ProgressMessage(unreported));
      unreported = 0;
    }
    return hasMore;
  }

  @Override
  public Row next() {
    Row row = rows.next();
    unreported++;
    return row;
  }
}
