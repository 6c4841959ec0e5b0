/** A Spark standalone cluster of several hosts on this machine, and drivers on it. */
package org.sparkvae.cluster;
