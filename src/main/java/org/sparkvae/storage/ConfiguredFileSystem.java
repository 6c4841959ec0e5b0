package org.sparkvae.storage;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ReflectionUtils;

/**
 * The file system of a scheme that has only the setting {@code fs.SCHEME.impl}, which Spark uses,
 * and not {@code fs.AbstractFileSystem.SCHEME.impl}.
 */
public final class ConfiguredFileSystem extends DelegateToFileSystem {
  /** Hadoop calls this constructor. */
  public ConfiguredFileSystem(URI uri, Configuration configuration)
      throws IOException, URISyntaxException {
    super(
        uri,
        ReflectionUtils.newInstance(
            FileSystem.getFileSystemClass(uri.getScheme(), configuration), configuration),
        configuration,
        uri.getScheme(),
        uri.getAuthority() != null);
    if (!uri.getScheme().equals(fsImpl.getUri().getScheme())) {
      throw new IllegalArgumentException(
          "fs.%s.impl: %s is a file system for '%s:'"
              .formatted(
                  uri.getScheme(), fsImpl.getClass().getName(), fsImpl.getUri().getScheme()));
    }
  }

  /** Uses this class for a scheme if there is no other one. */
  static void register(String scheme, Configuration configuration) {
    String key = "fs.AbstractFileSystem.%s.impl".formatted(scheme);
    if (configuration.get(key) == null
        && configuration.get("fs.%s.impl".formatted(scheme)) != null) {
      configuration.set(key, ConfiguredFileSystem.class.getName());
    }
  }
}
