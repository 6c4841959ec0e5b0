package org.sparkvae.report.page;

import com.samskivert.mustache.Mustache;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/** Fills the templates in this package's resources and escapes all values. */
final class Templates {
  private static final Mustache.Compiler COMPILER =
      Mustache.compiler()
          // A misspelled name must fail instead of leaving a gap.
          .strictSections(true)
          .emptyStringIsFalse(true)
          .withLoader(Templates::open);

  private Templates() {}

  /** Fills a template with the components of a record. */
  static String fill(String template, Record values) {
    return COMPILER.loadTemplate(template).execute(values);
  }

  private static Reader open(String name) {
    InputStream file = Templates.class.getResourceAsStream(name);
    if (file == null) {
      throw new IllegalArgumentException("template %s does not exist.".formatted(name));
    }
    return new InputStreamReader(file, StandardCharsets.UTF_8);
  }
}
