/** The test that a process computes right before it trains or decodes. */
package org.sparkvae.selftest;
