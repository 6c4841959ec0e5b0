/**
 * The figures of a run: grids of images and curves over the epochs. This package turns plain values
 * into {@link java.awt.image.BufferedImage}s and PNG bytes, which the caller stores. On one machine
 * the same input gives the same bytes. On another machine the fonts may differ.
 */
package org.sparkvae.report;
