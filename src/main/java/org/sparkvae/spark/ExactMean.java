package org.sparkvae.spark;

import java.io.Serializable;
import java.math.BigDecimal;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.functions;

/**
 * An aggregator for the mean of a numeric column. The sum is exact, so the result is the same to
 * the last bit in any order of the rows. The values need not be collected and sorted.
 */
public final class ExactMean extends Aggregator<Double, ExactMean.Sum, Double> {
  private ExactMean() {}

  /** Returns the mean of a column over a DataFrame or a group. It is NaN if there are no rows. */
  public static Column of(String column) {
    return functions
        .udaf(new ExactMean(), Encoders.DOUBLE())
        .apply(functions.col(column).cast("double"));
  }

  /**
   * The sum of some values. It is public because Spark requires that.
   *
   * @param finite the exact sum of the finite values
   * @param nonFinite the sum of the infinite and NaN values; 0 if there are none
   * @param count the number of values
   */
  public record Sum(BigDecimal finite, double nonFinite, long count) implements Serializable {
    Sum plus(double value) {
      return Double.isFinite(value)
          ? new Sum(finite.add(new BigDecimal(value)), nonFinite, count + 1)
          : new Sum(finite, nonFinite + value, count + 1);
    }

    Sum plus(Sum other) {
      return new Sum(finite.add(other.finite), nonFinite + other.nonFinite, count + other.count);
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
  public Sum merge(Sum left, Sum right) {
    return left.plus(right);
  }

  @Override
  public Double finish(Sum sum) {
    return (sum.finite.doubleValue() + sum.nonFinite) / sum.count;
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
