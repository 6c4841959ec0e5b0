package org.sparkvae.mnist;

import java.nio.file.Path;

/**
 * A verified IDX file.
 *
 * @param path its location
 * @param count the number of images or labels in it
 * @param sha256 the SHA-256 of its unpacked content, in lower-case hex
 */
public record IdxFile(Path path, int count, String sha256) {}
