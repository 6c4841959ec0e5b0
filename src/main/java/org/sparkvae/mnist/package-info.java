/**
 * Input images. This package finds or downloads MNIST or another data set in its format, verifies
 * it, and writes it as a Parquet table. All data is streamed, so a data set need not fit in memory.
 */
package org.sparkvae.mnist;
