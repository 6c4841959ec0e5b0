package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.testing.JobMonitor;
import org.sparkvae.testing.SparkVaeProcess;
import org.sparkvae.testing.cluster.Driver;

/** Tests what a training job shows and exposes: metrics, the web UI, sockets and shared memory. */
@Timeout(600)
class MetricsIT {
  private static final String METRIC_PREFIX = "org_sparkvae_spark_SparkVaePlugin_";

  @TempDir Path directory;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final JobMonitor monitor = new JobMonitor();
  private int port;
  private String metrics = "";
  private String jobs = "";

  private String get(String path) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(5))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (java.io.IOException notYetListening) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static double gauge(String page, String name) {
    Matcher line = Pattern.compile(METRIC_PREFIX + name + "_Value\\{[^}]*} (\\S+)").matcher(page);
    return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
  }

  /** Inspects the job, and reads its web UI until it has shown the second epoch. */
  private void inspect(SparkVaeProcess job) {
    monitor.inspectProcess(job.pid());
    monitor.inspectFiles(directory);
    if (!(gauge(metrics, "epoch") >= 2 && jobs.contains("epoch 2 of 4"))) {
      metrics = get("/metrics/prometheus/");
      jobs = get("/jobs/");
    }
  }

  @Test
  void showsProgressAndExposesOnlyLoopback() throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Driver driver =
        Driver.withUmask000()
            .withTemporaryDirectory(Files.createDirectory(directory.resolve("tmp")))
            .with("spark.ui.enabled", "true")
            .with("spark.ui.port", String.valueOf(port))
            .with(
                "spark.metrics.conf.driver.sink.prometheusServlet.class",
                "org.apache.spark.metrics.sink.PrometheusServlet")
            .with("spark.metrics.conf.driver.sink.prometheusServlet.path", "/metrics/prometheus");
    SparkVaeProcess job =
        SparkVaeProcess.start(
            directory,
            driver,
            "train",
            "--run-id",
            "m",
            "--output",
            directory.resolve("runs").toString(),
            "--limit",
            "600",
            "--epochs",
            "4",
            "--config",
            "conf/model2.yaml");
    job.awaitEnd(Duration.ofMillis(200), () -> inspect(job)).assertExitCode(0);
    monitor.inspectFiles(directory);
    assertThat(directory.resolve("runs/m/model.zip")).exists();
    assertThat(monitor.udpAddresses()).containsExactly("127.0.0.1");
    assertThat(monitor.sharedMemory()).isNotEmpty();
    assertThat(monitor.worldWritable()).isEmpty();
    assertThat(gauge(metrics, "epoch")).isBetween(2.0, 4.0);
    assertThat(gauge(metrics, "loss")).isBetween(0.0, 1.0);
    assertThat(gauge(metrics, "images_per_second")).isGreaterThanOrEqualTo(0);
    assertThat(jobs).contains("training, epoch 2 of 4", "test loss");
  }
}
