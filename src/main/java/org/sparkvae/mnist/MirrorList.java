package org.sparkvae.mnist;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.commons.io.IOUtils;
import org.sparkvae.exception.ConfigurationException;

/**
 * The configured mirrors. The file lists one HTTPS base URL per line; {@code #} starts a comment.
 */
final class MirrorList {
  static final String RESOURCE = "conf/mnist-mirrors.txt";
  private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(2);

  private MirrorList() {}

  /** Reads the list from the class path. */
  static List<URI> fromClassPath() {
    try (InputStream in = MirrorList.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new ConfigurationException(
            RESOURCE + ": not found on the class path. Rebuild the jar.");
      }
      return parse(IOUtils.toString(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<URI> parse(String text) {
    return text.lines()
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .map(MirrorList::base)
        .toList();
  }

  static List<Mirror> mirrors(List<URI> bases) {
    return bases.stream().map(base -> new Mirror(base, REQUEST_TIMEOUT)).toList();
  }

  private static URI base(String line) {
    try {
      URI uri = new URI(line.endsWith("/") ? line : line + "/");
      if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw notHttps(line, e);
    }
    throw notHttps(line, null);
  }

  private static ConfigurationException notHttps(String line, URISyntaxException cause) {
    return new ConfigurationException(
        "%s: expected an HTTPS URL, found %s.".formatted(RESOURCE, line), cause);
  }
}
