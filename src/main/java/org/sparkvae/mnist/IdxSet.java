package org.sparkvae.mnist;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A complete set, found and verified; the four files' contents are what identifies it.
 *
 * @param train the images to train on
 * @param test the images to measure with
 */
public record IdxSet(IdxPair train, IdxPair test) {
  private static final int SHORT_HEX = 8;

  /** Returns {@code MNIST} for MNIST itself, otherwise {@code IDX set} and a short checksum. */
  public String name() {
    List<String> mnist = ExpectedFile.MNIST.stream().map(ExpectedFile::sha256).toList();
    return digests().equals(mnist) ? "MNIST" : "IDX set " + checksum().substring(0, SHORT_HEX);
  }

  /**
   * Returns the set's SHA-256 in lower-case hex (64 digits): that of the four unpacked contents'
   * hex digests in a row, in the order of {@link #sha256}.
   */
  public String checksum() {
    return DigestUtils.sha256Hex(String.join("", digests()));
  }

  /**
   * Returns each unpacked content's SHA-256 in hex by its IDX name: training first, images first.
   */
  public Map<String, String> sha256() {
    return Stream.of(Split.values())
        .flatMap(
            split ->
                Stream.of(
                    Map.entry(split.fileName(IdxKind.IMAGES), pair(split).images().sha256()),
                    Map.entry(split.fileName(IdxKind.LABELS), pair(split).labels().sha256())))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
  }

  /** Returns the two files of {@code split}. */
  public IdxPair pair(Split split) {
    return switch (split) {
      case TRAIN -> train;
      case TEST -> test;
    };
  }

  /** Returns the number of images in {@code split}. */
  public int count(Split split) {
    return pair(split).count();
  }

  private List<String> digests() {
    return List.copyOf(sha256().values());
  }
}
