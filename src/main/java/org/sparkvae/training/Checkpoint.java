package org.sparkvae.training;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A checkpoint: the state of training after an epoch.
 *
 * @param epoch the last epoch trained; 0 before the first
 * @param model the model with Adam's state
 * @param history the records of all epochs so far
 */
public record Checkpoint(int epoch, ComputationGraph model, List<EpochRecord> history) {}
