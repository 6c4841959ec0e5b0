package org.sparkvae.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.commons.text.similarity.LongestCommonSubsequence;

/** The known name to suggest for a misspelled or former one. */
public final class NameSuggestion {
  private static final LongestCommonSubsequence COMMON_LETTERS = new LongestCommonSubsequence();
  private static final LevenshteinDistance EDITS = LevenshteinDistance.getDefaultInstance();

  private static final int MIN_SHARED_LETTERS = 4;

  private NameSuggestion() {}

  /** Returns the known name that is nearest to an unknown one, whether they are similar or not. */
  static String nearest(String unknown, Collection<String> known) {
    return similar(unknown, known)
        .or(() -> known.stream().min(byDistanceTo(unknown)))
        .orElseThrow();
  }

  /**
   * Returns the nearest known name that is similar to an unknown one. Names are similar if one
   * contains the other, if they share a word, or if few edits lead from one to the other. Hyphens,
   * underscores and case do not count. For example, {@code warm-up} suggests {@code
   * kl-warmup-epochs}, {@code latent-size} suggests {@code latent-channels}, and {@code trian}
   * suggests {@code train}.
   */
  public static Optional<String> similar(String unknown, Collection<String> known) {
    return known.stream().filter(name -> areSimilar(unknown, name)).min(byDistanceTo(unknown));
  }

  private static Comparator<String> byDistanceTo(String unknown) {
    return Comparator.<String, Integer>comparing(
            name -> -COMMON_LETTERS.apply(letters(unknown), letters(name)))
        .thenComparing(name -> EDITS.apply(letters(unknown), letters(name)));
  }

  private static boolean areSimilar(String unknown, String name) {
    String a = letters(unknown);
    String b = letters(name);
    if (EDITS.apply(a, b) <= (a.length() < MIN_SHARED_LETTERS ? 1 : Math.max(2, a.length() / 3))) {
      return true;
    }
    return contains(b, a)
        || contains(a, b)
        || Arrays.stream(unknown.split("[^A-Za-z]+")).anyMatch(word -> contains(b, letters(word)));
  }

  private static boolean contains(String text, String part) {
    return part.length() >= MIN_SHARED_LETTERS && text.contains(part);
  }

  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
  }
}
