package org.sparkvae.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sparkvae.mnist.IdxFixture.content;
import static org.sparkvae.mnist.IdxFixture.gzip;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.commons.lang3.ArrayUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MirrorTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final ExecutorService handlers = Executors.newCachedThreadPool();
  private final List<ExpectedFile> files = IdxFixture.expectedFiles();
  private HttpServer server;
  private MnistCache cache;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    cache = new MnistCache(directory, files);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(handlers);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    handlers.shutdownNow();
  }

  private Mirror mirror(Duration timeout) {
    InetSocketAddress address = server.getAddress();
    return new Mirror(
        URI.create("http://%s:%d/base/".formatted(address.getHostString(), address.getPort())),
        timeout);
  }

  private void serve(ExpectedFile file, byte[] body) {
    server.createContext(
        "/base/" + file.name() + ".gz",
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  @Test
  void downloadsAndUnpacksFilesIntoCache() throws IOException {
    files.forEach(file -> serve(file, gzip(content(file.name()))));

    mirror(TIMEOUT).fetch(files, cache);

    assertThat(files).allMatch(cache::contains);
    assertThat(IdxFixture.namesIn(cache.directory())).hasSize(files.size());
  }

  @Test
  void keepsFilesDownloadedBeforeAMissingOne() throws IOException {
    serve(files.get(0), gzip(content(files.get(0).name())));

    assertThatThrownBy(() -> mirror(TIMEOUT).fetch(files, cache))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(files.get(1).name() + ".gz: HTTP status 404");
    assertThat(IdxFixture.namesIn(cache.directory())).containsExactly(files.get(0).name());
  }

  @Test
  void leavesNothingOfATruncatedBody() throws IOException {
    byte[] complete = gzip(content(files.get(0).name()));
    serve(files.get(0), Arrays.copyOf(complete, complete.length / 2));

    assertThatThrownBy(() -> mirror(TIMEOUT).fetch(files, cache)).isInstanceOf(IOException.class);
    assertThat(IdxFixture.namesIn(cache.directory())).isEmpty();
  }

  @Test
  void leavesNothingOfAnOversizedBody() throws IOException {
    serve(files.get(0), gzip(ArrayUtils.addAll(content(files.get(0).name()), new byte[1 << 20])));

    assertThatThrownBy(() -> mirror(TIMEOUT).fetch(files, cache)).hasMessageContaining("more");
    assertThat(IdxFixture.namesIn(cache.directory())).isEmpty();
  }

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void abortsAStalledDownload() throws IOException {
    byte[] complete = gzip(content(files.get(0).name()));
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, complete.length);
          exchange.getResponseBody().write(complete, 0, complete.length / 2);
          exchange.getResponseBody().flush();
        });

    assertThatThrownBy(() -> mirror(Duration.ofMillis(500)).fetch(files, cache))
        .isInstanceOf(IOException.class);
    assertThat(IdxFixture.namesIn(cache.directory())).isEmpty();
  }
}
