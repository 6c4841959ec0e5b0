/** A Spark standalone cluster of several simulated hosts on this machine, and its drivers. */
package org.sparkvae.testing.cluster;
