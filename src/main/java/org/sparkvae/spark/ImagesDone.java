package org.sparkvae.spark;

import java.io.Serializable;

/** A task's word to the driver that so many more images are done. */
public record ImagesDone(int images) implements Serializable {}
