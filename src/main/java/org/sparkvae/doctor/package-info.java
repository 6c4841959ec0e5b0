/** Checks a machine or a cluster: what each process finds, and what that means for a run. */
package org.sparkvae.doctor;
