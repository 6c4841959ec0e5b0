/** What the job needs of Spark itself: its session, and word from the executors to the driver. */
package org.sparkvae.spark;
