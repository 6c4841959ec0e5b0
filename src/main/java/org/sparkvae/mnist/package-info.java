/**
 * The images: finds or fetches MNIST (or any set in its format), verifies it and writes it as the
 * Parquet table that the job works from. Everything streams; no set has to fit in memory.
 */
package org.sparkvae.mnist;
