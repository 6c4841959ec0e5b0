package org.sparkvae.spark;

import java.io.Serializable;

/**
 * A message from a task to the driver about its progress.
 *
 * @param images the number of images processed since the task's last message
 */
public record ProgressMessage(int images) implements Serializable {}
