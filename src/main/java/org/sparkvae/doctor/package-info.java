/** Checks of a machine or a cluster before training. */
package org.sparkvae.doctor;
