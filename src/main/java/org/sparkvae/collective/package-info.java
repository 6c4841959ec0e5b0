/**
 * Sums over the workers of a distributed training. Only this package uses XGBoost's Rabit, the
 * library that exchanges the values.
 */
package org.sparkvae.collective;
