package org.sparkvae.training;

import java.io.Serializable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.sparkvae.model.SamplingLayerImpl;
import org.sparkvae.model.VaeGraph;

/**
 * The loss of one minibatch, measured in the process that trained it.
 *
 * @param bce the binary cross-entropy, in nats per pixel
 * @param regTerm the reference report's regularization term, in nats per latent element, with the
 *     final value of λ even during KL warm-up
 * @param images the number of images in the minibatch
 */
public record MinibatchLoss(double bce, double regTerm, int images) implements Serializable {

  /** Returns the loss of the minibatch that a graph was last trained on. */
  public static MinibatchLoss of(ComputationGraph graph) {
    SamplingLayerImpl sampling = (SamplingLayerImpl) graph.getLayer(VaeGraph.SAMPLE);
    return new MinibatchLoss(
        graph.score() - sampling.calcRegularizationScore(true),
        sampling.regularizationTerm(),
        sampling.minibatchSize());
  }

  /** Returns the reference report's loss, which is the sum of both terms. */
  public double total() {
    return bce + regTerm;
  }

  /** Returns whether the loss is neither NaN nor infinite. */
  public boolean isFinite() {
    return Double.isFinite(total());
  }
}
