/**
 * A run's directory and the stages that write its outputs. A stage is skipped if its output is
 * complete.
 */
package org.sparkvae.run;
