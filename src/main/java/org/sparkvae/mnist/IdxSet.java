package org.sparkvae.mnist;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A complete, verified data set. The contents of its four files identify it.
 *
 * @param train the training images
 * @param test the test images
 */
public record IdxSet(IdxPair train, IdxPair test) {
  private static final int SHORT_HEX = 8;

  /** Returns {@code MNIST} for MNIST itself, otherwise {@code IDX set} and a short checksum. */
  public String name() {
    List<String> mnist = ExpectedFile.MNIST.stream().map(ExpectedFile::sha256).toList();
    return digests().equals(mnist) ? "MNIST" : "IDX set " + checksum().substring(0, SHORT_HEX);
  }

  /**
   * Returns the data set's SHA-256 in lower-case hex (64 digits). It is the SHA-256 of the four hex
   * digests of {@link #sha256}, concatenated in that order.
   */
  public String checksum() {
    return DigestUtils.sha256Hex(String.join("", digests()));
  }

  /**
   * Returns the SHA-256 in hex of each unpacked content by IDX name: training before test, images
   * before labels.
   */
  public Map<String, String> sha256() {
    Map<String, String> digests = new LinkedHashMap<>();
    for (Split split : Split.values()) {
      digests.put(split.fileName(IdxKind.IMAGES), pair(split).images().sha256());
      digests.put(split.fileName(IdxKind.LABELS), pair(split).labels().sha256());
    }
    return digests;
  }

  /** Returns the two files of {@code split}. */
  public IdxPair pair(Split split) {
    return split == Split.TRAIN ? train : test;
  }

  /** Returns the number of images in {@code split}. */
  public int count(Split split) {
    return pair(split).count();
  }

  private List<String> digests() {
    return List.copyOf(sha256().values());
  }
}
