package org.sparkvae.spark;

import java.io.Serializable;
import java.math.BigDecimal;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.functions;

/**
 * The mean of a column of numbers, the same to the last bit in whatever order the rows come: their
 * sum is exact. So nobody has to collect them to add them up in one order.
 */
public final class ExactMean extends Aggregator<Double, ExactMean.Sum, Double> {
  private static final long serialVersionUID = 1L;

  private ExactMean() {}

  /** Of a column, over a DataFrame or a group; NaN if there is no row. */
  public static Column of(String column) {
    return functions
        .udaf(new ExactMean(), Encoders.DOUBLE())
        .apply(functions.col(column).cast("double"));
  }

  /**
   * Of some numbers. Spark makes do with nothing less public.
   *
   * @param notFinite the sum of those that are infinite or not a number; 0 if none is
   */
  public record Sum(BigDecimal finite, double notFinite, long count) implements Serializable {
    Sum plus(double value) {
      return Double.isFinite(value)
          ? new Sum(finite.add(new BigDecimal(value)), notFinite, count + 1)
          : new Sum(finite, notFinite + value, count + 1);
    }

    Sum plus(Sum other) {
      return new Sum(finite.add(other.finite), notFinite + other.notFinite, count + other.count);
    }
  }

  @Override
  public Sum zero() {
    return new Sum(BigDecimal.ZERO, 0, 0);
  }

  @Override
  public Sum reduce(Sum sum, Double value) {
    return sum.plus(value);
  }

  @Override
  public Sum merge(Sum one, Sum other) {
    return one.plus(other);
  }

  @Override
  public Double finish(Sum sum) {
    return (sum.finite.doubleValue() + sum.notFinite) / sum.count;
  }

  @Override
  public Encoder<Sum> bufferEncoder() {
    return Encoders.javaSerialization(Sum.class);
  }

  @Override
  public Encoder<Double> outputEncoder() {
    return Encoders.DOUBLE();
  }
}
