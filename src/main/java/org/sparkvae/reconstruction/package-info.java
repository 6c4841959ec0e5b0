/** Reconstruction of every image with a broadcast model, and its output as Parquet. */
package org.sparkvae.reconstruction;
