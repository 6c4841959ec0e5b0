package org.sparkvae.training;

import java.io.Serializable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.model.SamplingLayerImpl;
import org.sparkvae.model.VaeGraph;

/**
 * The loss of one minibatch, measured where it was trained.
 *
 * @param bce binary cross-entropy, in nats per pixel
 * @param regTerm the report's regularisation term, in nats per latent element, with λ's own value
 *     while it still rises, too
 * @param images in the minibatch
 */
public record MinibatchLoss(double bce, double regTerm, int images) implements Serializable {

  /** Of the minibatch that a graph was last trained on. */
  public static MinibatchLoss of(ComputationGraph graph) {
    SamplingLayerImpl sampling = (SamplingLayerImpl) graph.getLayer(VaeGraph.SAMPLE);
    return new MinibatchLoss(
        graph.score() - sampling.calcRegularizationScore(true),
        sampling.regularisationTerm(),
        sampling.minibatchSize());
  }

  /** The report's loss: the sum of both. */
  public double total() {
    return bce + regTerm;
  }

  public boolean isFinite() {
    return Double.isFinite(total());
  }
}
