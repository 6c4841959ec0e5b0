package org.sparkvae.training.spark;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The one model that several replicas amount to: every update of every worker, applied once to
 * where they began. Adam's moments and batch norm's running statistics are averaged.
 */
final class ReplicaSynchronizer {
  private ReplicaSynchronizer() {}

  /**
   * Of workers' reports.
   *
   * @param reports in the order of the workers, so that rounding is the same each time
   * @param minibatches that a worker trained on
   */
  static ModelState of(
      ModelState start,
      List<Replica.Report> reports,
      BatchNormStatistics statistics,
      int minibatches) {
    float[] parameters = start.parameters().clone();
    float[] updaterState = new float[start.updaterState().length];
    for (Replica.Report report : reports) {
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] -= report.updates()[i];
      }
      for (int i = 0; i < updaterState.length; i++) {
        updaterState[i] += report.updaterState()[i] / reports.size();
      }
    }
    for (BatchNormStatistics.Range range : statistics.ranges()) {
      for (int i = range.from(); i < range.to(); i++) {
        double sum = 0;
        for (Replica.Report report : reports) {
          sum += report.parameters()[i];
        }
        parameters[i] = (float) (sum / reports.size());
      }
    }
    return new ModelState(
        parameters, updaterState, start.iterations() + minibatches, start.epochs() + 1);
  }

  /**
   * Of the average of some workers.
   *
   * @param minibatches that a worker trained on
   */
  static ModelState of(
      ModelState start,
      ModelState average,
      int workers,
      BatchNormStatistics statistics,
      int minibatches) {
    float[] parameters = average.parameters().clone();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = start.parameters()[i] + workers * (parameters[i] - start.parameters()[i]);
    }
    for (BatchNormStatistics.Range range : statistics.ranges()) {
      System.arraycopy(
          average.parameters(), range.from(), parameters, range.from(), range.to() - range.from());
    }
    return new ModelState(
        parameters, average.updaterState(), start.iterations() + minibatches, start.epochs());
  }

  /**
   * How far replicas had come apart.
   *
   * @return their largest distance (Euclidean) from the model, as a share of the way it has gone
   */
  static double drift(ModelState start, ModelState end, List<Replica.Report> reports) {
    INDArray model = Nd4j.createFromArray(end.parameters());
    double way = model.distance2(Nd4j.createFromArray(start.parameters()));
    double farthest =
        reports.stream()
            .mapToDouble(each -> model.distance2(Nd4j.createFromArray(each.parameters())))
            .max()
            .orElse(0);
    return way == 0 ? 0 : farthest / way;
  }
}
