/** Damage to files, and what a reader of damaged files may take of the machine. */
package org.sparkvae.fuzz;
