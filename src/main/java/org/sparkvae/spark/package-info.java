/**
 * The Spark infrastructure of the job: sessions, executors, messages from tasks to the driver, and
 * the translation of errors.
 */
package org.sparkvae.spark;
