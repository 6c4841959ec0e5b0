package org.sparkvae.mnist;

import java.nio.file.Path;

/**
 * A verified IDX file.
 *
 * @param path where it lies
 * @param count how many images or labels it holds
 * @param sha256 of its unpacked content, in lower-case hex
 */
public record IdxFile(Path path, int count, String sha256) {}
