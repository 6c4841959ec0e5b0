package org.sparkvae.report.page;

/**
 * A line of Table 2.
 *
 * @param part of the model
 * @param operation what is computed
 * @param shape of the result
 */
public record LayerShape(String part, String operation, String shape) {}
