package org.sparkvae.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.FuzzyScore;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The known name to suggest for a misspelled or former one. */
public final class NameSuggestion {
  private static final FuzzyScore COMMON_LETTERS = new FuzzyScore(Locale.ROOT);
  private static final LevenshteinDistance EDITS = LevenshteinDistance.getDefaultInstance();

  private NameSuggestion() {}

  /**
   * Returns the known name that is nearest to an unknown one. A name that shares its letters in
   * order comes first, so that {@code latent-size} suggests {@code latent-channels}. Otherwise the
   * edit distance decides.
   */
  static String nearest(String unknown, Collection<String> known) {
    return withSameLetters(unknown, known)
        .or(() -> known.stream().min(Comparator.comparing(name -> EDITS.apply(unknown, name))))
        .orElseThrow();
  }

  /** Returns the nearest known name if it is similar enough to be a likely mistake. */
  public static Optional<String> similar(String unknown, Collection<String> known) {
    return withSameLetters(unknown, known)
        .or(
            () ->
                known.stream()
                    .filter(name -> EDITS.apply(unknown, name) <= unknown.length() / 3)
                    .min(Comparator.comparing(name -> EDITS.apply(unknown, name))));
  }

  private static Optional<String> withSameLetters(String unknown, Collection<String> known) {
    return known.stream()
        .filter(name -> COMMON_LETTERS.fuzzyScore(name, unknown) >= unknown.length())
        .max(
            Comparator.<String>comparingInt(name -> COMMON_LETTERS.fuzzyScore(name, unknown))
                .thenComparing(
                    Comparator.<String>comparingInt(name -> EDITS.apply(unknown, name))
                        .reversed()));
  }
}
