package org.sparkvae.training.spark;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Synchronization of several replicas into one model. The model gets every update of every worker
 * exactly once. Adam's moments and batch norm's running statistics are averaged.
 */
final class ReplicaSynchronizer {
  private ReplicaSynchronizer() {}

  /**
   * Returns the model at the end of an epoch: its parameters at the start minus all updates.
   *
   * @param start the state from which every replica started
   * @param results the work of the replicas, in the order of the workers, so that rounding is
   *     reproducible
   * @param iterations the number of iterations to add to the start's iteration count
   */
  static ModelState synchronize(
      ModelState start,
      List<Replica.EpochResult> results,
      BatchNormStatistics statistics,
      int iterations) {
    float[] parameters = start.parameters().clone();
    float[] updaterState = new float[start.updaterState().length];
    for (Replica.EpochResult result : results) {
      float[] updates = result.updates().values();
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] -= updates[i];
      }
      float[] moments = result.end().updaterState();
      for (int i = 0; i < updaterState.length; i++) {
        updaterState[i] += moments[i] / results.size();
      }
    }
    for (BatchNormStatistics.Range range : statistics.ranges()) {
      for (int i = range.from(); i < range.to(); i++) {
        double sum = 0;
        for (Replica.EpochResult result : results) {
          sum += result.end().parameters()[i];
        }
        parameters[i] = (float) (sum / results.size());
      }
    }
    return new ModelState(
        parameters, updaterState, start.iterations() + iterations, start.epochs() + 1);
  }

  /**
   * Returns the model after an averaging round: the step from the start to the average, multiplied
   * by the number of workers.
   *
   * @param start the state from which every worker started
   * @param average the average of the workers' models
   * @param workers the number of workers in the average
   * @param iterations the number of iterations to add to the start's iteration count
   */
  static ModelState scaleAverage(
      ModelState start,
      ModelState average,
      int workers,
      BatchNormStatistics statistics,
      int iterations) {
    float[] parameters = average.parameters().clone();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = start.parameters()[i] + workers * (parameters[i] - start.parameters()[i]);
    }
    for (BatchNormStatistics.Range range : statistics.ranges()) {
      System.arraycopy(
          average.parameters(), range.from(), parameters, range.from(), range.to() - range.from());
    }
    return new ModelState(
        parameters, average.updaterState(), start.iterations() + iterations, start.epochs());
  }

  /**
   * Returns the drift of the replicas: the largest Euclidean distance of a replica from the model
   * at the end, divided by the distance that the model moved.
   */
  static double drift(ModelState start, ModelState end, List<Replica.EpochResult> results) {
    INDArray model = Nd4j.createFromArray(end.parameters());
    double moved = model.distance2(Nd4j.createFromArray(start.parameters()));
    double largest =
        results.stream()
            .mapToDouble(result -> model.distance2(Nd4j.createFromArray(result.end().parameters())))
            .max()
            .orElse(0);
    return moved == 0 ? 0 : largest / moved;
  }
}
