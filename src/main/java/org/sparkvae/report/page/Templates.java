package org.sparkvae.report.page;

import com.samskivert.mustache.Mustache;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/** The templates that lie beside this class; whatever is put into them is escaped. */
final class Templates {
  private static final Mustache.Compiler COMPILER =
      Mustache.compiler()
          // A misspelt name is a fault, not an empty place.
          .strictSections(true)
          .emptyStringIsFalse(true)
          .withLoader(Templates::open);

  private Templates() {}

  /** Fills a template with a record of what it asks for. */
  static String fill(String template, Record values) {
    return COMPILER.loadTemplate(template).execute(values);
  }

  private static Reader open(String name) {
    InputStream file = Templates.class.getResourceAsStream(name);
    if (file == null) {
      throw new IllegalArgumentException("no template " + name);
    }
    return new InputStreamReader(file, StandardCharsets.UTF_8);
  }
}
