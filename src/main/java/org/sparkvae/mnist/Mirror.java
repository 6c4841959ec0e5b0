package org.sparkvae.mnist;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.io.IOUtils;

/** An HTTP server with the gzipped files under one base URL. */
record Mirror(URI base, Duration requestTimeout) implements DownloadSource {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  @Override
  public void fetch(List<ExpectedFile> wanted, MnistCache cache) throws IOException {
    for (ExpectedFile file : wanted) {
      URI uri = base.resolve(file.name() + ".gz");
      HttpResponse<InputStream> response = request(uri);
      try (InputStream body = response.body()) {
        if (response.statusCode() != HttpURLConnection.HTTP_OK) {
          throw new IOException("%s: HTTP status %d".formatted(uri, response.statusCode()));
        }
        store(body, file, cache);
      }
    }
  }

  @Override
  public String toString() {
    return base.toString();
  }

  private HttpResponse<InputStream> request(URI uri) throws IOException {
    try {
      return CLIENT.send(
          HttpRequest.newBuilder(uri).timeout(requestTimeout).build(),
          BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }

  private void store(InputStream body, ExpectedFile file, MnistCache cache) throws IOException {
    // The client's timeout covers the headers only. Closing the body stops a stalled download.
    Executor afterTimeout =
        CompletableFuture.delayedExecutor(requestTimeout.toMillis(), TimeUnit.MILLISECONDS);
    CompletableFuture<Void> deadline =
        CompletableFuture.runAsync(() -> IOUtils.closeQuietly(body), afterTimeout);
    try {
      cache.store(file, new GzipCompressorInputStream(body, true));
    } finally {
      deadline.cancel(false);
    }
  }
}
