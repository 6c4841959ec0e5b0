/** Decoding every image of a split with a broadcast model, and publishing the result as Parquet. */
package org.sparkvae.reconstruction;
