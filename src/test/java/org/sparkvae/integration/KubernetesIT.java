package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import okhttp3.mockwebserver.MockWebServer;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.sparkvae.mnist.CacheDirectory;
import org.sparkvae.testing.Await;
import org.sparkvae.testing.CompleteBuild;
import org.sparkvae.testing.ReconstructionsTable;
import org.sparkvae.testing.ReleaseImage;
import org.sparkvae.testing.cluster.Kubelet;

/**
 * Runs the pods of {@code submit/kubernetes.yaml} and of their executors as containers. The API
 * server is a mock, which stores objects but does not check permissions.
 */
@CompleteBuild
@Timeout(1200)
@Isolated("uses both cores")
class KubernetesIT {
  private static final Path MANIFEST = Path.of("submit/kubernetes.yaml");
  private static final String NAMESPACE = "default";
  private static final String USER = "12345";
  private static final int IMAGES = 2000;
  private static final Duration DEADLINE = Duration.ofMinutes(8);

  /** Logs every request by default. */
  private static final Logger SERVER_LOG = Logger.getLogger(MockWebServer.class.getName());

  @TempDir static Path shared;
  @TempDir Path directory;
  private KubernetesMockServer server;
  private KubernetesClient api;
  private Kubelet kubelet;
  private Path runs;

  @BeforeAll
  static void buildImage() throws Exception {
    SERVER_LOG.setLevel(Level.WARNING);
    ReleaseImage.build(shared);
  }

  @AfterAll
  static void deleteImage() throws Exception {
    ReleaseImage.delete();
  }

  @BeforeEach
  void startCluster() throws Exception {
    server =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            new HashMap<>(),
            new KubernetesCrudDispatcher(),
            false);
    server.init(InetAddress.getLoopbackAddress(), 0);
    api = server.createClient();
    manifest(ConfigMap.class).forEach(map -> api.resource(map).inNamespace(NAMESPACE).create());
    runs = Files.createDirectory(directory.resolve("runs"));
    FileUtils.copyDirectory(
        CacheDirectory.ofUser().resolve("mnist").toFile(), runs.resolve("mnist").toFile());
    // As the guide requires, the user can write to the volume. The node does not apply fsGroup.
    assertThat(new ProcessBuilder("chown", "-R", USER, runs.toString()).start().waitFor()).isZero();
    kubelet = Kubelet.start(api, directory, Map.of("spark-vae-runs", runs));
  }

  @AfterEach
  void stopCluster() throws Exception {
    try {
      if (kubelet != null) {
        kubelet.stop();
      }
    } finally {
      if (server != null) {
        server.destroy();
      }
    }
  }

  private <T extends HasMetadata> List<T> manifest(Class<T> type) throws Exception {
    try (InputStream file = Files.newInputStream(MANIFEST)) {
      return api.load(file).items().stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  /** Creates a pod of the job, as Kubernetes would, with another command and a small model. */
  private void startDriver(String name, String... command) throws Exception {
    PodTemplateSpec template = manifest(Job.class).get(0).getSpec().getTemplate();
    List<String> arguments = template.getSpec().getContainers().get(0).getArgs();
    Stream<String> options =
        arguments.subList(0, arguments.indexOf("run")).stream()
            .map(
                option ->
                    option
                        .replace(
                            "https://kubernetes.default.svc",
                            "http://127.0.0.1:" + server.getPort())
                        .replaceAll("container.image=.*", "container.image=" + ReleaseImage.NAME));
    Pod pod =
        new PodBuilder()
            .withNewMetadataLike(template.getMetadata())
            .withName(name)
            .endMetadata()
            .withSpec(template.getSpec())
            .editSpec()
            .editFirstContainer()
            .withImage(ReleaseImage.NAME)
            .withArgs(Stream.concat(options, Stream.of(command)).toList())
            .endContainer()
            .endSpec()
            .build();
    api.pods().inNamespace(NAMESPACE).resource(pod).create();
  }

  private static String[] training(String command, String run, int epochs, String trainer) {
    return new String[] {
      command,
      "--run-id",
      run,
      "--output",
      "/runs",
      "--data",
      "/runs/mnist",
      "--limit",
      "" + IMAGES,
      "--epochs",
      "" + epochs,
      "--trainer",
      trainer,
      "--config",
      "/opt/spark-vae/conf/model2.yaml"
    };
  }

  private int awaitEnd(String driver) throws Exception {
    Await.await("end of " + driver, DEADLINE, () -> exitCode(driver) != null);
    return exitCode(driver);
  }

  /** Returns the exit code of a pod, or null if it has not ended. */
  private Integer exitCode(String name) {
    Pod pod = api.pods().inNamespace(NAMESPACE).withName(name).get();
    return pod.getStatus() == null || pod.getStatus().getContainerStatuses().isEmpty()
        ? null
        : pod.getStatus().getContainerStatuses().get(0).getState().getTerminated().getExitCode();
  }

  private String output(String pod) throws Exception {
    Path file = kubelet.output(pod);
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private List<Pod> executors() {
    return api.pods().inNamespace(NAMESPACE).withLabel("spark-role", "executor").list().getItems();
  }

  private List<Pod> awaitExecutors(String driver) throws Exception {
    await("two executors", driver, () -> executors().size() == 2);
    return executors();
  }

  /** Waits for a condition while a driver runs. */
  private void await(String event, String driver, Callable<Boolean> condition) throws Exception {
    Await.await(
        event,
        DEADLINE,
        () -> {
          kubelet.check();
          assertThat(exitCode(driver)).as(output(driver)).isNull();
          return condition.call();
        });
  }

  @Test
  void runsTheMainJobAsAUserWithoutAName() throws Exception {
    startDriver("driver", training("run", "r", 1, "shared"));
    List<Pod> executors = awaitExecutors("driver");

    Map<String, String> selected =
        manifest(NetworkPolicy.class).get(0).getSpec().getPodSelector().getMatchLabels();
    assertThat(executors)
        .allSatisfy(
            executor -> {
              assertThat(executor.getMetadata().getLabels()).containsAllEntriesOf(selected);
              assertThat(executor.getMetadata().getOwnerReferences())
                  .extracting("name")
                  .containsExactly("driver");
            });
    assertThat(awaitEnd("driver")).as(output("driver")).isZero();
    assertThat(output("driver"))
        .contains("--trainer shared on 2 workers.")
        .doesNotContain("warning");
    assertThat(runs.resolve("r/_SUCCESS")).exists();
    ReconstructionsTable.assertComplete(runs.resolve("r"), IMAGES, IMAGES);
    assertThat(Files.getAttribute(runs.resolve("r/report.html"), "unix:uid")).hasToString(USER);
    assertThat(executors()).isEmpty();
  }

  /** Kubernetes starts the driver again after this exit code. */
  @Test
  void resumesAfterALostExecutor() throws Exception {
    startDriver("first", training("train", "r", 4, "allreduce"));
    await("epoch 2", "first", () -> Files.exists(runs.resolve("r/checkpoints/epoch-0002")));

    Kubelet.kill(executors().get(0).getMetadata().getName());

    PodFailurePolicyOnExitCodesRequirement failing =
        manifest(Job.class).get(0).getSpec().getPodFailurePolicy().getRules().stream()
            .map(rule -> rule.getOnExitCodes())
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow();
    assertThat(awaitEnd("first")).isEqualTo(75);
    assertThat(failing.getOperator()).isEqualTo("In");
    assertThat(failing.getValues()).doesNotContain(75);
    assertThat(output("first")).containsPattern("executor \\d on 127.0.0.\\S+ was lost");
    startDriver("second", training("train", "r", 4, "allreduce"));
    assertThat(awaitEnd("second")).as(output("second")).isZero();
    assertThat(output("second")).contains("Resuming after epoch 2 of 4.");
  }

  /**
   * Each process of the parameter server has the address of its pod, not one of a common network.
   */
  @Test
  void doctorShowsTheAddressOfEachPod() throws Exception {
    startDriver("driver", "doctor", "--output", "/runs");

    assertThat(awaitEnd("driver")).as(output("driver")).isZero();
    assertThat(output("driver"))
        .containsPattern("driver +address +ok +127.0.0.2 in DL4J_VOID_IP")
        .containsPattern("executor \\d.* +address +ok +127.0.0.3 in DL4J_VOID_IP")
        .containsPattern("executor \\d.* +address +ok +127.0.0.4 in DL4J_VOID_IP");
  }
}
