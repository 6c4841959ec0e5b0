package org.sparkvae.spark;

import java.io.Serializable;

/** A task's word to the driver that so many more images are done. */
public record ProgressMessage(int images) implements Serializable {}
