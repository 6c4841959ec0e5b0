package org.sparkvae.training;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Where training stands after an epoch.
 *
 * @param epoch the last one done; 0 before the first
 * @param model with Adam's state
 * @param history of all epochs so far
 */
public record Checkpoint(int epoch, ComputationGraph model, List<EpochRecord> history) {}
