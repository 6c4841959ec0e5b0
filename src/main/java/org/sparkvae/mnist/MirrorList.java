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

/** The mirrors that the configuration names: HTTPS base URLs, one a line, {@code #} comments. */
final class MirrorList {
  static final String RESOURCE = "conf/mnist-mirrors.txt";
  private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(2);

  private MirrorList() {}

  /** Reads the list that the class path holds. */
  static List<URI> packaged() {
    try (InputStream in = MirrorList.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new ConfigurationException(RESOURCE + ": expected on the class path, found none");
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
        "%s: expected an HTTPS URL, found %s".formatted(RESOURCE, line), cause);
  }
}
