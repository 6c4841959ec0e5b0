/** Fuzzing of input files, and resource limits on the code that reads them. */
package org.sparkvae.testing.fuzz;
