/** The test that a process computes the model correctly before it trains or decodes. */
package org.sparkvae.selftest;
