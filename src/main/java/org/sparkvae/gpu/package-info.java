/** The GPUs of a host and its driver, as {@code nvidia-smi} reports them. */
package org.sparkvae.gpu;
