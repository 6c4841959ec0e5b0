/**
 * Pictures of a run: grids of images and curves over the epochs. Everything here turns plain values
 * into {@link java.awt.image.BufferedImage}s and PNG bytes; where they are stored is the caller's
 * business. The same input gives the same bytes on the same machine (fonts are the machine's own).
 */
package org.sparkvae.report;
