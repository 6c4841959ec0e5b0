package org.sparkvae.report.page;

import java.util.List;

/**
 * A test image and its reconstruction.
 *
 * @param bce the cross-entropy in nats per pixel
 * @param pair original and reconstruction, each a value in [0, 1] per pixel, row by row
 */
public record ScoredImage(int id, int label, double bce, List<float[]> pair) {}
